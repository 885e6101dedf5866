// The frame of every dialog: the browser's own, so that the focus stays inside, Escape closes and the page behind rests.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CLOSE, Icon } from "../../shared/icons";
import { busy, dialog, words } from "../store";
import "../styles/dialogs.css";
import { say } from "./words";

interface FrameProps {
  title: string;
  wide?: boolean;
  children: ComponentChildren;
}

export function Frame({ title, wide, children }: FrameProps) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current!.showModal();
    box.current!.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => before?.isConnected && before.focus();
  }, []);
  const outside = (event: MouseEvent) => event.target === box.current && (dialog.value = null);
  return (
    <dialog
      class={`dialog ${wide ? "wide" : ""}`}
      ref={box}
      aria-label={title}
      data-dialog={dialog.value}
      onClose={() => (dialog.value = null)}
      onMouseDown={outside}
    >
      <div class="dialog-body">
        <header>
          <h2>{title}</h2>
          <button type="button" class="tool" aria-label={words.value.close} onClick={() => (dialog.value = null)}>
            <Icon d={CLOSE} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface FormProps {
  title: string;
  /** The word on the button that does it. */
  act: string;
  ready?: boolean;
  /** Answers "" or why not; without an error the dialog closes. */
  onAct(): Promise<string> | string;
  children: ComponentChildren;
}

/** A dialog with one act; Ctrl+Enter does it from any field. */
export function Form({ title, act, ready = true, onAct, children }: FormProps) {
  const error = useSignal("");
  const name = dialog.value;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!ready || busy.value) return;
    error.value = await onAct();
    if (!error.value && dialog.value === name) dialog.value = null;
  };
  return (
    <Frame title={title}>
      <form onSubmit={(event) => void submit(event)} onKeyDown={(event) => event.key === "Enter" && event.ctrlKey && void submit(event)}>
        {children}
        {error.value && (
          <p class="alarm" role="alert">
            {error.value}
          </p>
        )}
        <footer>
          <button type="button" class="button" onClick={() => (dialog.value = null)}>
            {say.value.cancel}
          </button>
          <button class="button primary" disabled={!ready || busy.value}>
            {act}
          </button>
        </footer>
      </form>
    </Frame>
  );
}

interface OptionProps {
  name: string;
  value: string;
  chosen: string;
  onChoose(value: string): void;
  disabled?: boolean;
  first?: boolean;
  children: ComponentChildren;
}

/** One of several, as a line that can be clicked anywhere. */
export function Option({ name, value, chosen, onChoose, disabled, first, children }: OptionProps) {
  return (
    <label class={`option ${chosen === value ? "chosen" : ""}`} data-option={value}>
      <input
        type="radio"
        name={name}
        value={value}
        checked={chosen === value}
        disabled={disabled}
        data-first={first || undefined}
        onChange={() => onChoose(value)}
      />
      {children}
    </label>
  );
}

export function Why({ value, onWrite }: { value: string; onWrite(text: string): void }) {
  return (
    <label class="labelled">
      {say.value.why}
      <textarea name="why" rows={2} required maxLength={500} value={value} placeholder={say.value.whyHint} onInput={(event) => onWrite(event.currentTarget.value)} />
    </label>
  );
}
