/** Asks the browser not to clear what is kept when the disk fills up; some ask the person in turn, some refuse to be asked. */
export async function persist(): Promise<void> {
  try {
    await navigator.storage?.persist?.();
  } catch {
    // What is kept is then kept as long as the browser likes.
  }
}
