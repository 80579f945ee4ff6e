/** A table of published results with its source. Scrolls sideways by itself where the page is narrow. */
import { useId } from 'react';
import styles from './NumbersTable.module.css';
import type { Table } from './numbers.ts';

export function NumbersTable({ caption, columns, rows, source, remark }: Table) {
  const id = useId();
  return (
    <div className={styles.block}>
      <h3 id={id} className={styles.caption}>
        {caption}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-labelledby={id}>
        <table className={styles.table} aria-labelledby={id}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...values]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {values.map((value, i) => (
                  <td key={columns[i + 1]}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={styles.source}>
        Source: {source}. {remark}
      </p>
    </div>
  );
}
