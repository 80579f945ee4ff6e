/** A fast Compute, completed by the reference: sizes that no kernel serves are decoded and passed by it. Training is not. */
import type { Compute, DecodingModel } from './compute.ts';

export function fallingBack(fast: Compute, reference: Compute): Compute {
  return {
    ...fast,
    scorer: (...args) => either(fast.scorer(...args), () => reference.scorer(...args)),
    features: (...args) => either(fast.features(...args), () => reference.features(...args)),
    openModel: async (config, weights) => {
      let slow: Promise<DecodingModel> | undefined;
      const openSlow = () => {
        slow ??= reference.openModel(config, weights);
        return slow;
      };
      const model = await either<DecodingModel>(fast.openModel(config, weights), openSlow);
      return {
        decoder: (pictures) => either(model.decoder(pictures), async () => (await openSlow()).decoder(pictures)),
        dispose: () => {
          model.dispose();
          void slow?.then((opened) => opened !== model && opened.dispose());
        },
      };
    },
  };
}

/** What the kernels give, or where they throw a RangeError what the reference gives. */
async function either<T>(fast: Promise<T>, reference: () => Promise<T>): Promise<T> {
  try {
    return await fast;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.info(`No kernel can serve this model, so the reference does: ${error.message}`);
    return reference();
  }
}
