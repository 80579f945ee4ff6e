/**
 * Asks the browser not to clear what is kept when the disk fills up. Nothing waits for the answer: Firefox puts the
 * question to the user, who may never answer it. A browser that refuses keeps the data as long as it likes.
 */
export function askToPersist(): void {
  const ask = async () => navigator.storage?.persist?.();
  ask().catch(() => undefined);
}
