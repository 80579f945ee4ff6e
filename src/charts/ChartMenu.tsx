/** Takes a chart away: as a picture, as a drawing of lines and letters, or its numbers as a table. */

import { report } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { Save } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import type { Figure } from './image.ts';

interface Props {
  title: string;
  /** What is drawn at the moment of saving. */
  figure: () => Figure | null;
}

export function ChartMenu({ title, figure }: Props) {
  const save = (ending: string, type: string, make: (shown: Figure) => string | Promise<Blob>) => {
    const shown = figure();
    if (!shown) return;
    const file = async () => {
      const made = await make(shown);
      download(typeof made === 'string' ? new Blob([made], { type }) : made, `${slug(title)}.${ending}`);
    };
    file().catch(report);
  };
  return (
    <Menu
      align="start"
      trigger={
        <Button look="quiet" square aria-label={`Save the chart: ${title}`} title="Save the chart">
          <Save />
        </Button>
      }
    >
      <MenuItem onSelect={() => save('png', 'image/png', ({ png }) => png())}>Save as PNG</MenuItem>
      <MenuItem onSelect={() => save('svg', 'image/svg+xml', ({ svg }) => svg())}>Save as SVG</MenuItem>
      <MenuItem onSelect={() => save('csv', 'text/csv', ({ csv }) => csv())}>Save as CSV</MenuItem>
    </Menu>
  );
}
