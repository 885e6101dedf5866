// The words in a composer: kept as the conversation's draft, with the caret, so that answers and names can be put in.
import { type Signal, useSignal } from "@preact/signals";
import { type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { draft, restored, setDraft, writer } from "./store";

export interface Writing {
  box: RefObject<HTMLTextAreaElement | null>;
  text: Signal<string>;
  caret: Signal<number>;
  write(value: string, caret?: number): void;
  /** Puts words at the caret, or in place of what stands between `from` and `to`. */
  insert(words: string, from?: number, to?: number): void;
}

export function useWriting(conversation: string, note: boolean): Writing {
  const text = useSignal(draft(conversation, note));
  const caret = useSignal(text.value.length);
  const box = useRef<HTMLTextAreaElement>(null);
  const write = (value: string, to = value.length) => {
    text.value = value;
    caret.value = to;
    setDraft(conversation, value, note);
  };
  const insert = (words: string, from = box.current!.selectionStart, to = box.current!.selectionEnd) => {
    const value = text.peek();
    const end = from + words.length;
    write(value.slice(0, from) + words + value.slice(to), end);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(end, end);
    });
  };
  useLayoutEffect(() => {
    text.value = draft(conversation, note);
  }, [note, restored.value]);
  useLayoutEffect(() => {
    box.current!.style.height = "auto";
    box.current!.style.height = `${box.current!.scrollHeight}px`;
  }, [text.value]);
  // A ticket just claimed, or just opened by its owner, is there to be answered; a phone's keyboard waits for a touch.
  useLayoutEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) box.current!.focus();
  }, [note]);
  useEffect(() => {
    writer.value = { insert, focus: () => box.current?.focus() };
    return () => (writer.value = null);
  }, [note]);
  return { box, text, caret, write, insert };
}
