// Windows over the screen: the browser's own dialog keeps the focus inside, Escape closes, the focus goes back.
import { type ComponentChildren, Fragment, h } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { CLOSE, Icon } from "../../shared/icons";
import { useAct } from "./door";
import { Alarm } from "./parts";
import { words } from "./words";

interface ModalProps {
  title: string;
  /** Absent: only an act of the window itself ends it. */
  onClose?(): void;
  onSubmit?(): void;
  actions: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

const FIELDS = ".modal-body :is(input, select, textarea, button):not(:disabled)";

export function Modal({ title, onClose, onSubmit, actions, wide, children }: ModalProps) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const dialog = box.current!;
    dialog.showModal();
    const touched = matchMedia("(pointer: coarse)").matches;
    const first = dialog.querySelector<HTMLElement>("[autofocus]") ?? (touched ? null : dialog.querySelector<HTMLElement>(FIELDS));
    first?.focus();
    return () => {
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`modal ${wide ? "wide" : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        // A file dialog that is called off says "cancel" too.
        if (event.target !== box.current) return;
        event.preventDefault();
        onClose?.();
      }}
      // Browsers close at the second Escape whatever we say; while we are here, so is the window.
      onClose={(event) => event.target === box.current && event.currentTarget.showModal()}
      // The desk's hotkeys are not for what is typed in a window.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // A window over this one is drawn inside of it.
          event.stopPropagation();
          onSubmit?.();
        }}
      >
        <header>
          <h2 id={id}>{title}</h2>
          {onClose && (
            <button type="button" class="tool" aria-label={words.value.close} onClick={onClose}>
              <Icon d={CLOSE} />
            </button>
          )}
        </header>
        <div class="modal-body">{children}</div>
        <footer>{actions}</footer>
      </form>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  /** A failure keeps the window open and says why. */
  onYes(): Promise<void> | void;
  onClose(): void;
}

export function Confirm({ title, text, action, danger, onYes, onClose }: ConfirmProps) {
  const act = useAct();
  const go = async () => {
    if (await act.run(async () => onYes())) onClose();
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      onSubmit={() => void go()}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words.value.cancel}
          </button>
          <button class={`button primary ${danger ? "danger" : ""}`} disabled={act.busy} autofocus>
            {action}
          </button>
        </>
      }
    >
      <Alarm text={act.error} />
      <p>{text}</p>
    </Modal>
  );
}
