/** Pictures that arrive by paste or by drag and drop. */

/** The first picture on a clipboard. */
export function pastedPicture(data: DataTransfer | null): File | null {
  return Array.from(data?.files ?? []).find(({ type }) => type.startsWith('image/')) ?? null;
}

export function carriesFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes('Files') ?? false;
}

/** Whether typing and pasting there is meant for text. */
export function isTextField(element: EventTarget | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches('textarea, select, input:not([type=range], [type=checkbox])'))
  );
}
