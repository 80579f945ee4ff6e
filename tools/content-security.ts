/**
 * Vite plugin: the built page may load what lies beside it and nothing else, run no text as code, and send nothing away,
 * whichever host serves it. In development Vite itself needs more, so the policy comes with the build.
 */
import type { Plugin } from 'vite';

export const POLICY = [
  // What has no line of its own: the manifest, whose directive WebKit does not know and reports as an error.
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "media-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function contentSecurity(): Plugin {
  return {
    name: 'content-security',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
