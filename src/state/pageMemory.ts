/**
 * How much a page may hold on this device. An iPhone or iPad ends a page at about 1.5 GB, GPU
 * memory included, and says nothing; every browser there is WebKit. Elsewhere the system's own
 * limits speak for themselves.
 */

/** Leaves room for the page itself and for what is under way. */
const ON_A_TOUCH_DEVICE = 1e9;

/** iPads say that they are Macs, but no Mac has a touch screen. */
const isTouchWebKit = ({ vendor = '', maxTouchPoints = 0 }: Device): boolean =>
  vendor.startsWith('Apple') && maxTouchPoints > 0;

/** A navigator, which may lack any of it. */
type Device = Partial<Pick<Navigator, 'vendor' | 'maxTouchPoints'>>;

/**
 * Bytes that the page may hold; undefined where nothing limits it.
 * @param megabytes set by hand; 0 for what suits the device
 */
export function memoryLimit(megabytes = 0, device: Device = navigator) {
  if (megabytes > 0) return 1e6 * megabytes;
  return isTouchWebKit(device) ? ON_A_TOUCH_DEVICE : undefined;
}
