/** The sizes to choose from. */
import type { ModelSize } from '../../workers/contract.ts';

export type PresetName = 'nano' | 'xs' | 'tiny' | 'small' | 'igpt-s' | 'igpt-m' | 'igpt-l' | 'igpt-xl';

type Shape = Omit<ModelSize, 'side'>;

/** As Chen et al. 2020 have the large ones. */
export const PRESETS: Record<PresetName, Shape> = {
  nano: { layers: 2, width: 64, heads: 2 },
  xs: { layers: 4, width: 128, heads: 4 },
  tiny: { layers: 8, width: 128, heads: 4 },
  small: { layers: 12, width: 256, heads: 8 },
  'igpt-s': { layers: 24, width: 512, heads: 8 },
  'igpt-m': { layers: 36, width: 1024, heads: 8 },
  'igpt-l': { layers: 48, width: 1536, heads: 16 },
  'igpt-xl': { layers: 60, width: 3072, heads: 16 },
};

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** The preset of these numbers, if there is one. */
export const presetOf = ({ layers, width, heads }: Shape): PresetName | undefined =>
  PRESET_NAMES.find((name) => {
    const preset = PRESETS[name];
    return preset.layers === layers && preset.width === width && preset.heads === heads;
  });
