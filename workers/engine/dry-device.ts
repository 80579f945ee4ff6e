/**
 * A device on which everything can be recorded and nothing runs: what a plan would take on a device with such limits is
 * found out by making it here, so that the answer cannot differ from the real thing.
 */

/** The limits that recording looks at. */
export type Limits = Pick<
  GPUSupportedLimits,
  'maxBufferSize' | 'maxStorageBufferBindingSize' | 'maxComputeWorkgroupsPerDimension'
>;

export function dryDevice(limits: Limits): GPUDevice {
  const nothing = () => ({});
  const device = {
    limits,
    queue: { writeBuffer: nothing, submit: nothing },
    createBuffer: ({ size, label }: GPUBufferDescriptor) => ({ size, label, destroy: nothing }),
    createShaderModule: nothing,
    createBindGroup: nothing,
    createComputePipelineAsync: async () => ({ getBindGroupLayout: nothing }),
  };
  return device as unknown as GPUDevice;
}
