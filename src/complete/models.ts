/** The models that the page brings along. */

export interface ShippedModel {
  /** The folder's name under models/. */
  id: string;
  name: string;
}

export const SHIPPED_MODELS: readonly ShippedModel[] = [
  { id: 'igpt-cifar-16', name: 'CIFAR-10, 16 × 16' },
  { id: 'igpt-cifar-32', name: 'CIFAR-10, 32 × 32' },
  { id: 'igpt-cifar-32-small', name: 'CIFAR-10 large, 32 × 32' },
];

/** Undefined where the id is none of theirs. */
export const shippedModel = (id: string | undefined): ShippedModel | undefined =>
  SHIPPED_MODELS.find((model) => model.id === id);

/** For phones and for adapters that are software; what a link means that names no model. */
export const SMALL_MODEL = SHIPPED_MODELS[0].id;
/** For graphics cards: four times the pixels, about five times the time. */
export const LARGE_MODEL = SHIPPED_MODELS[1].id;

/** Stands for files that the visitor opened, which no link can carry. */
export const OWN_MODEL = 'own';
