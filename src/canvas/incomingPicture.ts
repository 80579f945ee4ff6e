/** Pictures that arrive by paste. */

/** The first picture on a clipboard. */
export function pastedPicture(data: DataTransfer | null): File | null {
  return Array.from(data?.files ?? []).find(({ type }) => type.startsWith('image/')) ?? null;
}

/** Whether typing and pasting there is meant for text. */
export function isTextField(element: EventTarget | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches('textarea, select, input:not([type=range], [type=checkbox])'))
  );
}
