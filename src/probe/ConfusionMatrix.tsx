/** What is taken for what: a row for each class, shares of its pictures in the columns that they were put into. */
import { type CSSProperties, useMemo } from 'react';
import { ChartMenu } from '../charts/ChartMenu.tsx';
import { cellFigure } from '../charts/cellSheet.ts';
import { ink } from '../charts/ink.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import { percent } from '../ui/format.ts';
import styles from './ConfusionMatrix.module.css';
import { type Cell, cellsOf, csvOf, heatOf, MOST_NAMED, mapOf, worstOf } from './confusion.ts';

const WORST = 8;

interface Props {
  classes: string[];
  /** [classes, classes] */
  confusion: Uint32Array;
}

export function ConfusionMatrix({ classes, confusion }: Props) {
  const cells = useMemo(() => cellsOf(confusion, classes.length), [confusion, classes.length]);
  return (
    <section className={styles.confusion} aria-labelledby="confusion">
      <div className={styles.head}>
        <h3 id="confusion" className={styles.title}>
          Confusion matrix
        </h3>
        <ChartMenu
          title="Confusion matrix"
          figure={() =>
            cellFigure(
              () => mapOf(cells, classes, ink),
              () => csvOf(cells, classes),
            )
          }
        />
      </div>
      {classes.length <= MOST_NAMED ? (
        <Named cells={cells} classes={classes} />
      ) : (
        <Heat cells={cells} classes={classes} />
      )}
    </section>
  );
}

interface CellsProps {
  cells: Cell[][];
  classes: string[];
}

function Named({ cells, classes }: CellsProps) {
  return (
    <table className={styles.matrix} aria-labelledby="confusion">
      <thead>
        <tr>
          <td />
          {classes.map((name) => (
            <th key={name} scope="col">
              <span className={styles.upright} title={name}>
                {name}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cells.map((row, is) => (
          <tr key={classes[is]}>
            <th scope="row" title={classes[is]}>
              {classes[is]}
            </th>
            {row.map((cell) => (
              <td
                key={classes[cell.taken]}
                style={{ '--share': cell.share } as CSSProperties}
                title={`${classes[is]} taken for ${classes[cell.taken]}: ${cell.count}`}
              >
                {cell.count > 0 && Math.round(100 * cell.share)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <caption className={styles.caption}>A row a class: the percent of its pictures put into each column.</caption>
    </table>
  );
}

function Heat({ cells, classes }: CellsProps) {
  const pixels = useMemo(() => heatOf(cells), [cells]);
  return (
    <>
      <Bitmap pixels={pixels} label={`Confusion matrix of ${classes.length} classes`} />
      <ol className={styles.worst} aria-label="Most frequent confusions">
        {worstOf(cells, WORST).map(({ is, taken, share }) => (
          <li key={`${is} ${taken}`}>
            {classes[is]} for {classes[taken]}: {percent(share)}
          </li>
        ))}
      </ol>
    </>
  );
}
