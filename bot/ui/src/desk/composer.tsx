// The reply: Enter or Ctrl+Enter sends, Shift+Enter breaks the line, the draft of every ticket is kept.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, SEND } from "../shared/icons";
import { SAY_BODY_TEXT_MAX, type TicketView } from "../shared/wire";
import type { Desk } from "./desk";
import { draft, setDraft, words } from "./store";

export function Composer({ desk, ticket }: { desk: Desk; ticket: TicketView }) {
  const t = words.value;
  const text = useSignal(draft(ticket.id));
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    box.current!.style.height = "auto";
    box.current!.style.height = `${box.current!.scrollHeight}px`;
  }, [text.value]);
  // A ticket just claimed, or just opened by its owner, is there to be answered; a phone's keyboard waits for a touch.
  useLayoutEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) box.current!.focus();
  }, []);
  const write = (value: string) => {
    text.value = value;
    setDraft(ticket.id, value);
  };
  const send = (event: Event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    write("");
    void desk.say(words);
  };
  const key = (event: KeyboardEvent) => {
    // 229: Safari ends an IME composition before the Enter that chose the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    send(event);
  };
  return (
    <form class="reply" onSubmit={send}>
      <div class="field">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text.value}
          maxLength={SAY_BODY_TEXT_MAX}
          aria-label={t.write}
          placeholder={t.write}
          onInput={(event) => {
            write(event.currentTarget.value);
            desk.types();
          }}
          onKeyDown={key}
        />
        <button class="send" aria-label={t.send} disabled={!text.value.trim()}>
          <Icon d={SEND} />
        </button>
      </div>
      <p class="hint">{t.hint}</p>
    </form>
  );
}
