/** Asks for the service worker that keeps the page for use without a connection, once the page has nothing better to do. */
export async function keepForOffline(): Promise<void> {
  if (!import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker?.register('./service-worker.js');
  } catch {
    // Private windows and blocked storage refuse it: the page then needs its connection.
  }
}
