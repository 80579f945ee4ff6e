/**
 * A device on which everything can be recorded and nothing runs: what a plan would take on a device with such limits is
 * found out by making it here, so that the answer cannot differ from the real thing.
 */

/** What recording looks at. */
export interface Abilities {
  limits: Pick<
    GPUSupportedLimits,
    | 'maxBufferSize'
    | 'maxStorageBufferBindingSize'
    | 'maxStorageBuffersPerShaderStage'
    | 'maxComputeWorkgroupsPerDimension'
    | 'maxComputeInvocationsPerWorkgroup'
    | 'maxComputeWorkgroupStorageSize'
  >;
  features: Pick<GPUSupportedFeatures, 'has'>;
}

export function dryDevice({ limits, features }: Abilities): GPUDevice {
  const nothing = () => ({});
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const device = {
    limits,
    features,
    queue: { writeBuffer: nothing, submit: nothing, onSubmittedWorkDone: async () => {} },
    createBuffer: ({ size, label }: GPUBufferDescriptor) => ({ size, label, destroy: nothing }),
    createShaderModule: nothing,
    createBindGroup: nothing,
    createCommandEncoder: () => ({ beginComputePass: () => pass, finish: nothing }),
    createComputePipelineAsync: async () => ({ getBindGroupLayout: nothing }),
  };
  return device as unknown as GPUDevice;
}
