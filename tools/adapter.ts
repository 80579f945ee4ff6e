/** Prints why Node has no WebGPU adapter on this machine; nothing where it has one. */
import { dawnGpu } from '../workers/engine/dawn.ts';

const gpu = await dawnGpu();
if ('missing' in gpu) console.log(gpu.missing);
else if ((await gpu.requestAdapter()) === null) {
  console.log('no WebGPU adapter (a graphics card, or a software Vulkan that Dawn takes: lavapipe of Mesa 25)');
}
