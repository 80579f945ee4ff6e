/** The editor's icons: 20 × 20, drawn in the colour of the text around them. */
import type { ReactNode } from 'react';
import type { Tool } from '../state/drawing.ts';
import { type BrushSize, type Mask, maskKeeps } from './raster.ts';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

const TOOL_SHAPES: Record<Tool, ReactNode> = {
  brush: (
    <>
      <path d="m4 16 .8-3.4L13.6 3.8a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3L7.4 15.2Z" />
      <path d="m11.8 5.6 2.6 2.6" />
    </>
  ),
  picker: (
    <>
      <path d="m9.5 6.5 4 4" />
      <path d="M11 8 5.2 13.8 4 16l2.2-1.2L12 9" />
      <path d="m11.3 6.9 2.4-2.5a1.4 1.4 0 0 1 2 2l-2.6 2.3" />
    </>
  ),
  eraser: (
    <>
      <path d="M8.2 16.2 3.9 11.9a1.3 1.3 0 0 1 0-1.8l6.2-6.2a1.3 1.3 0 0 1 1.8 0l4.2 4.2a1.3 1.3 0 0 1 0 1.8l-6.3 6.3Z" />
      <path d="m7 7 6 6" />
      <path d="M8.2 16.2H16" />
    </>
  ),
  fill: (
    <>
      <path d="m8.5 4.5 6 6-5.2 5.2a1.3 1.3 0 0 1-1.8 0l-4.2-4.2a1.3 1.3 0 0 1 0-1.8Z" />
      <path d="M3.2 10.5h11.3" />
      <path d="M16.6 12.8s-1.3 1.7-1.3 2.6a1.3 1.3 0 0 0 2.6 0c0-.9-1.3-2.6-1.3-2.6Z" />
      <path d="m8.5 4.5-2-2" />
    </>
  ),
};

export const ToolIcon = ({ tool }: { tool: Tool }) => <Icon>{TOOL_SHAPES[tool]}</Icon>;

export function SizeIcon({ size }: { size: BrushSize }) {
  const width = 1 + 2.5 * size;
  return (
    <Icon>
      <rect x="3.25" y="3.25" width="13.5" height="13.5" rx="1.5" strokeOpacity="0.4" />
      <rect
        x={10 - width / 2}
        y={10 - width / 2}
        width={width}
        height={width}
        rx="0.5"
        fill="currentColor"
        stroke="none"
      />
    </Icon>
  );
}

/** The mask itself: what it keeps is filled. */
export function MaskIcon({ mask }: { mask: Mask }) {
  const cells = Array.from({ length: 16 }, (_, i) => ({ x: i % 4, y: Math.floor(i / 4) }));
  const kept = cells.filter((cell) => maskKeeps(mask, cell, 4));
  return (
    <Icon>
      <path
        d={kept.map(({ x, y }) => `M${4 + 3 * x} ${4 + 3 * y}h3v3h-3z`).join('')}
        fill="currentColor"
        stroke="none"
        shapeRendering="crispEdges"
      />
      <rect x="3.25" y="3.25" width="13.5" height="13.5" rx="1.5" />
    </Icon>
  );
}

export const UndoIcon = () => (
  <Icon>
    <path d="M6.5 4 3.5 7l3 3" />
    <path d="M3.5 7h8a4.5 4.5 0 0 1 0 9H7" />
  </Icon>
);

export const RedoIcon = () => (
  <Icon>
    <path d="m13.5 4 3 3-3 3" />
    <path d="M16.5 7h-8a4.5 4.5 0 0 0 0 9H13" />
  </Icon>
);

export const ClearIcon = () => (
  <Icon>
    <path d="M4 5.5h12M8 5.5v-2h4v2" />
    <path d="m5.5 5.5.7 11h7.6l.7-11" />
    <path d="M8.5 9v4.5M11.5 9v4.5" />
  </Icon>
);

export const PictureIcon = () => (
  <Icon>
    <rect x="3.25" y="4.25" width="13.5" height="11.5" rx="1.5" />
    <path d="m3.5 13.5 3.7-3.7a1 1 0 0 1 1.4 0l3 3 1.2-1.2a1 1 0 0 1 1.4 0l2.3 2.3" />
    <circle cx="12.8" cy="7.8" r="1" />
  </Icon>
);

export const ChevronIcon = () => (
  <svg width="10" height="20" viewBox="0 0 10 20" aria-hidden="true" focusable="false">
    <path d="m2 8.5 3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
  </svg>
);
