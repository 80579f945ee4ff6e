/** The engines by their names: how each starts, and what lacks where it cannot. */

import { chromiumLacks, startChromium } from './chromium.ts';
import type { Engine } from './driver.ts';
import { firefoxLacks, firefoxWebgpuLacks, startFirefox, startFirefoxWithWebgpu } from './firefox.ts';
import { startWebKit, webkitLacks } from './webkit.ts';

export const ENGINES = {
  chromium: { start: startChromium, lacks: chromiumLacks },
  firefox: { start: startFirefox, lacks: firefoxLacks },
  webkit: { start: startWebKit, lacks: webkitLacks },
  'firefox-webgpu': { start: startFirefoxWithWebgpu, lacks: firefoxWebgpuLacks },
} satisfies Record<string, { start: () => Promise<Engine>; lacks: () => string | null }>;

export type EngineName = keyof typeof ENGINES;
