// The reply or the note: Enter sends, Shift+Enter breaks the line, / opens ready answers, @ colleagues; drafts are kept.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, SEND } from "../shared/icons";
import { NOTE_BODY_TEXT_MAX, SAY_BODY_TEXT_MAX } from "../shared/wire";
import { Attachments, pasted } from "./attachments";
import { asked } from "./canned";
import { type Choice, choices, Completions } from "./completions";
import { DraftOffer } from "./draft";
import type { Desk } from "./desk";
import { ARTICLE_ICON, CLIP, SLASH } from "./icons";
import { conversation, dialog, draft, loadCanned, mode, restored, setDraft, ticket, uploads, words, writer } from "./store";

interface ComposerProps {
  desk: Desk;
  /** The conversation is not mine: colleagues may be told, the customer not. */
  noteOnly?: boolean;
}

export function Composer({ desk, noteOnly = false }: ComposerProps) {
  const t = words.value;
  const talk = conversation.value;
  const note = noteOnly || mode.value === "note";
  const text = useSignal(draft(talk, note));
  const caret = useSignal(text.value.length);
  const chosen = useSignal(0);
  const dismissed = useSignal(false);
  const proposal = useSignal(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const wanted = dismissed.value ? null : asked(text.value, caret.value, note);
  const offered = wanted ? choices(wanted) : [];
  const at = Math.min(chosen.value, Math.max(0, offered.length - 1));
  const files = note ? [] : uploads.of(talk);
  const ready = text.value.trim() !== "" || files.some((one) => one.file);
  const waits = files.some((one) => one.state === "uploading");

  useLayoutEffect(() => {
    text.value = draft(talk, note);
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
    if (wanted?.kind === "canned") void loadCanned();
  }, [wanted?.kind]);
  useEffect(() => {
    writer.value = { insert, focus: () => box.current?.focus() };
    return () => (writer.value = null);
  }, [note]);

  const write = (value: string, to = value.length) => {
    text.value = value;
    caret.value = to;
    setDraft(talk, value, note);
  };
  /** Puts words at the caret, or in place of what asked for them. */
  const insert = (words: string, from = box.current!.selectionStart, to = box.current!.selectionEnd) => {
    const value = text.peek();
    write(value.slice(0, from) + words + value.slice(to), from + words.length);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(from + words.length, from + words.length);
    });
  };
  const take = (choice: Choice) => {
    insert(choice.text, wanted!.from, caret.value);
    choice.used?.();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!ready || waits) return;
    if (!note) {
      const open = ticket.value;
      write("");
      if (open) desk.outgoing.say(open, words, uploads.collect(talk), Date.now());
      return;
    }
    if (await desk.acts.note(words, proposal.value)) return;
    proposal.value = false;
    setDraft(talk, "", true);
    mode.value = "reply";
    text.value = draft(talk, noteOnly);
  };
  const key = (event: KeyboardEvent) => {
    const { key, shiftKey, isComposing, keyCode } = event;
    // 229: Safari ends an IME composition before the Enter that chose the word.
    if (isComposing || keyCode === 229) return;
    if (offered.length && complete(event)) return;
    if (key === "Enter" && !shiftKey) void send(event);
    else if (key === "z" && event.ctrlKey && !text.value && desk.outgoing.last(talk)) desk.takeBack(desk.outgoing.last(talk)!.cid);
    else if (key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = () => {
    box.current!.blur();
    if (noteOnly && !text.value) mode.value = "reply";
  };
  const complete = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen.value = (at + step + offered.length) % offered.length;
    else if ((event.key === "Enter" && !event.shiftKey && !event.ctrlKey) || event.key === "Tab") take(offered[at]!);
    else if (event.key === "Escape") dismissed.value = true;
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const moved = () => (caret.value = box.current!.selectionStart);
  const slash = () => {
    if (!text.value.endsWith("/")) insert(text.value ? "\n/" : "/", text.value.length, text.value.length);
    dismissed.value = false;
    box.current!.focus();
  };
  return (
    <form class={`reply ${note ? "as-note" : ""}`} onSubmit={(event) => void send(event)} data-composer={note ? "note" : "reply"}>
      {!note && <DraftOffer onTake={(words) => write([words, text.value].filter(Boolean).join("\n"))} />}
      {wanted && <Completions asked={wanted} all={offered} at={at} onTake={take} />}
      <div class="field">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text.value}
          maxLength={note ? NOTE_BODY_TEXT_MAX : SAY_BODY_TEXT_MAX}
          aria-label={note ? t.writeNote : t.write}
          placeholder={note ? t.writeNote : t.write}
          aria-autocomplete="list"
          aria-controls={wanted ? "completions" : undefined}
          aria-activedescendant={offered.length ? `completion-${at}` : undefined}
          onInput={(event) => {
            dismissed.value = false;
            chosen.value = 0;
            write(event.currentTarget.value, event.currentTarget.selectionStart);
            desk.types(note);
          }}
          onKeyDown={key}
          onKeyUp={moved}
          onClick={moved}
          onPaste={(event) => !note && pasted(event, talk)}
        />
        {!note && <Attachments conversation={talk} />}
        <div class="field-foot">
          {!noteOnly && <Modes note={note} />}
          {note && (
            <label class="propose">
              <input type="checkbox" checked={proposal.value} onChange={(event) => (proposal.value = event.currentTarget.checked)} />
              {t.propose}
            </label>
          )}
          <span class="spread" />
          {!note && (
            <button type="button" class="tool small" aria-label={t.canned} title={`${t.canned} (/)`} onClick={slash}>
              <Icon d={SLASH} />
            </button>
          )}
          {!note && (
            <button type="button" class="tool small" aria-label={t.article} title={`${t.article} (I)`} aria-keyshortcuts="I" onClick={() => (dialog.value = "article")}>
              <Icon d={ARTICLE_ICON} />
            </button>
          )}
          {!note && (
            <button type="button" class="tool small" aria-label={t.attach} title={t.attach} onClick={() => picker.current!.click()}>
              <Icon d={CLIP} />
            </button>
          )}
          <input
            ref={picker}
            class="hidden"
            type="file"
            multiple
            tabIndex={-1}
            aria-hidden="true"
            onChange={(event) => {
              void uploads.add(talk, [...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
          <button class="send" aria-label={note ? t.sendNote : t.send} disabled={!ready || waits}>
            <Icon d={SEND} />
          </button>
        </div>
      </div>
      <p class="hint">{note ? t.noteHint : t.hint}</p>
    </form>
  );
}

function Modes({ note }: { note: boolean }) {
  const t = words.value;
  return (
    <div class="modes" role="group" aria-label={t.modes}>
      <button type="button" aria-pressed={!note} aria-keyshortcuts="R" onClick={() => (mode.value = "reply")}>
        {t.replyTab}
      </button>
      <button type="button" aria-pressed={note} aria-keyshortcuts="N" onClick={() => (mode.value = "note")}>
        {t.noteTab}
      </button>
    </div>
  );
}
