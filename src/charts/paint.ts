/** A sheet as a PNG, as sharp as the screen. */
import { type Shape, type Sheet, TEXT_SIZE } from './shapes.ts';

export function pngOf({ width, height, paper, font, clip, shapes }: Sheet): Promise<Blob> {
  const ratio = Math.max(2, devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = canvas.getContext('2d')!;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = paper;
  ctx.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    ctx.save();
    if (clip && 'clipped' in shape && shape.clipped) {
      ctx.beginPath();
      ctx.rect(clip.x, clip.y, clip.width, clip.height);
      ctx.clip();
    }
    paint(ctx, shape, font, ratio);
    ctx.restore();
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make a PNG of this.')))),
  );
}

function paint(ctx: CanvasRenderingContext2D, shape: Shape, font: string, ratio: number): void {
  if ('opacity' in shape && shape.opacity !== undefined) ctx.globalAlpha = shape.opacity;
  switch (shape.kind) {
    case 'rect': {
      const whole = (at: number) => Math.round(at * ratio) / ratio;
      const [left, top] = [whole(shape.x), whole(shape.y)];
      ctx.fillStyle = shape.fill;
      ctx.fillRect(left, top, whole(shape.x + shape.width) - left, whole(shape.y + shape.height) - top);
      return;
    }
    case 'path':
      ctx.strokeStyle = shape.stroke;
      ctx.lineWidth = shape.width;
      ctx.lineJoin = 'round';
      ctx.setLineDash([...(shape.dash ?? [])]);
      ctx.beginPath();
      for (const [x, y] of shape.points) ctx.lineTo(x, y);
      ctx.stroke();
      return;
    case 'dot':
      ctx.beginPath();
      ctx.arc(shape.x, shape.y, shape.r, 0, 2 * Math.PI);
      if (shape.fill) {
        ctx.fillStyle = shape.fill;
        ctx.fill();
      }
      if (shape.stroke) {
        ctx.strokeStyle = shape.stroke;
        ctx.lineWidth = shape.width ?? 1;
        ctx.stroke();
      }
      return;
    case 'text':
      ctx.translate(shape.x, shape.y);
      if (shape.upright) ctx.rotate(-Math.PI / 2);
      ctx.font = `${shape.bold ? 600 : 400} ${shape.size ?? TEXT_SIZE}px ${font}`;
      ctx.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
      ctx.textBaseline = 'middle';
      if (shape.halo) {
        ctx.strokeStyle = shape.halo;
        ctx.lineWidth = 3;
        ctx.lineJoin = 'round';
        ctx.strokeText(shape.text, 0, 0);
      }
      ctx.fillStyle = shape.fill;
      ctx.fillText(shape.text, 0, 0);
  }
}
