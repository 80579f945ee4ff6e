/** The models that the page brings along; the first is opened at the start. */

export interface ShippedModel {
  /** The folder's name under models/. */
  id: string;
  name: string;
}

export const SHIPPED_MODELS: readonly ShippedModel[] = [
  { id: 'igpt-cifar-16', name: 'CIFAR-10, 16 × 16' },
  { id: 'igpt-cifar-32', name: 'CIFAR-10, 32 × 32' },
];

/** Stands for files that the visitor opened, which no link can carry. */
export const OWN_MODEL = 'own';
