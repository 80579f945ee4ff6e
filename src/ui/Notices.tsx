/** Errors and notes in one polite live region that floats over the page and so never moves it. */
import { useEffect, useRef } from 'react';
import { type Notice, useNotices } from '../state/notices.ts';
import { Button } from './Button.tsx';
import { Close } from './icons.tsx';
import styles from './Notices.module.css';

export function Notices() {
  const shown = useNotices((s) => s.shown);
  const dismiss = useNotices((s) => s.dismiss);
  return (
    <section className={styles.region} aria-label="Notices" aria-live="polite">
      {shown.map((notice) => (
        <div key={notice.id} className={styles.notice} data-kind={notice.kind}>
          <div className={styles.text}>
            <p>{notice.text}</p>
            {notice.more.copy && <CopyByHand text={notice.more.copy} />}
          </div>
          {notice.more.way && <Way notice={notice.id} {...notice.more.way} />}
          <Button look="quiet" square aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            <Close />
          </Button>
        </div>
      ))}
    </section>
  );
}

function Way({ notice, label, go }: { notice: number } & NonNullable<Notice['more']['way']>) {
  const dismiss = useNotices((s) => s.dismiss);
  return (
    <Button
      onClick={() => {
        dismiss(notice);
        go();
      }}
    >
      {label}
    </Button>
  );
}

function CopyByHand({ text }: { text: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return <input ref={field} className={styles.field} readOnly value={text} aria-label="Text to copy" />;
}
