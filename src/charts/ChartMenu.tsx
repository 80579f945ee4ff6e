/** Takes a chart away: as a picture, or its numbers as a table. */

import { report } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { Save } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { csvOf } from './csv.ts';
import { chartPng, type Figure } from './image.ts';

interface Props {
  title: string;
  /** What is drawn at the moment of saving. */
  figure: () => Figure | null;
}

export function ChartMenu({ title, figure }: Props) {
  const save = (make: (shown: Figure) => Blob | Promise<Blob>, ending: string) => {
    const shown = figure();
    if (shown) Promise.resolve(make(shown)).then((blob) => download(blob, `${slug(title)}.${ending}`), report);
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
      <MenuItem onSelect={() => save(chartPng, 'png')}>Save as PNG</MenuItem>
      <MenuItem
        onSelect={() => save(({ xLabel, series }) => new Blob([csvOf(xLabel, series)], { type: 'text/csv' }), 'csv')}
      >
        Save as CSV
      </MenuItem>
    </Menu>
  );
}
