/** Small line drawings on a 16-pixel grid. They decorate: the control around one carries the name. */

const icon = (path: string, weight = 1.5) =>
  function Icon() {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth={weight}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    );
  };

export const ChevronDown = icon('m4 6 4 4 4-4');
export const Check = icon('m3 8.5 3 3L13 4.5');
export const Close = icon('m4 4 8 8M12 4l-8 8');
export const Dice = icon(
  'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM5.7 5.7h.01M10.3 5.7h.01M8 8h.01M5.7 10.3h.01M10.3 10.3h.01',
);
export const More = icon('M3.5 8h.01M8 8h.01M12.5 8h.01', 2.5);
export const Play = icon('M5 3.2v9.6L12.5 8Z');
export const Pause = icon('M5.5 3.5v9M10.5 3.5v9', 2);
export const Step = icon('M4 3.2v9.6L10 8ZM12.5 3.5v9');
export const Stop = icon('M4.5 4.5h7v7h-7Z');
export const Save = icon('M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13h10');
export const Sun = icon(
  'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M12.8 3.2l-.9.9M4.1 11.9l-.9.9',
);
export const Moon = icon('M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z');
export const Screen = icon('M2 3h12v8.5H2ZM5.5 14h5M8 11.5V14');
export const ArrowLeft = icon('M13 8H3M7 4 3 8l4 4');
