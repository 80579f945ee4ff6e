/**
 * Which model a visit opens that asks for none: the larger one where a graphics card will draw it, else the small one. The
 * page asks before the worker has started, so that the right examples are on the screen at once; what computes is still
 * measured there.
 */
import { adapterInfo, isSoftware } from '../../workers/contract.ts';
import { LARGE_MODEL, SMALL_MODEL } from '../complete/models.ts';

/** Starting the browser's graphics process can take long; nobody waits longer than this for a picture. */
const PATIENCE_MS = 400;
/** The shorter side of the largest phones, in CSS pixels. */
const PHONE = 500;

let usual = SMALL_MODEL;

/** Finds it out; the first answer holds for the visit. */
export async function findUsualModel(): Promise<string> {
  const isPhone = Math.min(screen.width, screen.height) <= PHONE;
  if (!isPhone && (await hasGraphicsCard())) usual = LARGE_MODEL;
  return usual;
}

/** The id of the model that this visit would open by itself. */
export const usualModel = (): string => usual;

async function hasGraphicsCard(): Promise<boolean> {
  const ask = async () => navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  const asked = ask().catch(() => null);
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const adapter = await Promise.race([asked, late]);
  // Most adapters of which nothing is known are cards, in browsers that hide what they are.
  return adapter !== null && adapter !== undefined && !isSoftware(adapterInfo(adapter));
}
