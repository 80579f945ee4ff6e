/** Asks once more before something goes for good. The keyboard stands on what changes nothing; Escape keeps too. */
import { Button } from './Button.tsx';

interface Props {
  onDelete: () => void;
  onKeep: () => void;
}

export function AskDelete({ onDelete, onKeep }: Props) {
  const keepOnEscape = (event: { key: string; stopPropagation: () => void }) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onKeep();
  };
  return (
    <>
      <Button onClick={onDelete} onKeyDown={keepOnEscape}>
        Delete for good
      </Button>
      <Button look="quiet" autoFocus onClick={onKeep} onKeyDown={keepOnEscape}>
        Keep
      </Button>
    </>
  );
}
