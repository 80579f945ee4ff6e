/**
 * tfjs binds every input of addN at once, and a sum of more tensors than a shader may bind (the trainer's gradient norm
 * has one a parameter) fails without an exception: zeros come back. Here the sum is taken eight at a time, so that the
 * peer's numbers are right; it costs three dispatches of some two thousand.
 */
import * as tf from '@tensorflow/tfjs-core';

const AT_ONCE = 8;

export function repairAddN(): void {
  const config = tf.getKernel('AddN', 'webgpu');
  const inGroups: tf.KernelFunc = (args) => {
    let rest = args.inputs as unknown as tf.TensorInfo[];
    const partial = new Set<tf.TensorInfo>();
    while (rest.length > 1) {
      const group = rest.slice(0, AT_ONCE);
      const sum = config.kernelFunc({ ...args, inputs: group as never }) as tf.TensorInfo;
      for (const t of group) if (partial.delete(t)) (args.backend as tf.KernelBackend).disposeData(t.dataId);
      partial.add(sum);
      rest = [...rest.slice(AT_ONCE), sum];
    }
    return rest[0];
  };
  tf.unregisterKernel('AddN', 'webgpu');
  tf.registerKernel({ ...config, kernelFunc: inGroups });
}
