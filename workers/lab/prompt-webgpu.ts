/** tfjs's WebGPU backend, with reads that do not wait for the browser's next poll (engine/read-back.ts). */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { promptly } from '../engine/read-back.ts';

export class PromptWebGPUBackend extends WebGPUBackend {
  override read(dataId: object): ReturnType<WebGPUBackend['read']> {
    return promptly(this.device, super.read(dataId));
  }
}
