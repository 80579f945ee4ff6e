/** Written by the build: tools/shipped-models.ts. */
declare module 'virtual:shipped-models' {
  const files: Readonly<Record<string, import('./lab/download.ts').KnownFile>>;
  export default files;
}
