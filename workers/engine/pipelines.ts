/** Compute pipelines, compiled once a device for each WGSL and set of constants. */

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/** Throws, with the compiler's messages, when the WGSL does not compile. */
export function pipelineFor(
  device: GPUDevice,
  label: string,
  code: string,
  constants: Record<string, number>,
): Promise<GPUComputePipeline> {
  let cache = pipelines.get(device);
  if (!cache) {
    cache = new Map();
    pipelines.set(device, cache);
  }
  const key = `${JSON.stringify(constants)}\n${code}`;
  let pipeline = cache.get(key);
  if (!pipeline) {
    pipeline = compile(device, label, code, constants);
    cache.set(key, pipeline);
  }
  return pipeline;
}

async function compile(
  device: GPUDevice,
  label: string,
  code: string,
  constants: Record<string, number>,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  // `auto` takes the access modes from the WGSL, so that the two can never disagree.
  const pipeline = device.createComputePipelineAsync({ label, layout: 'auto', compute: { module, constants } });
  return pipeline.catch(async (error: Error) => {
    const { messages } = await module.getCompilationInfo();
    const lines = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`);
    throw new Error([`The kernel ${label} does not compile.`, ...lines, error.message].join('\n'));
  });
}
