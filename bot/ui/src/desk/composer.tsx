// The reply or the note: Enter sends, Shift+Enter breaks the line, / opens ready answers, @ colleagues; drafts are kept.
import { type Signal, useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, SEND } from "../shared/icons";
import { NOTE_BODY_TEXT_MAX, SAY_BODY_TEXT_MAX } from "../shared/wire";
import { Attachments, pasted } from "./attachments";
import { borrowed } from "./borrowed";
import { asked } from "./canned";
import { type Choice, choices, Completions } from "./completions";
import type { Desk } from "./desk";
import { DraftOffer } from "./draft";
import { conversation, draft, keep, loadCanned, mode, setDraft, ticket, uploads, words } from "./store";
import { Modes, ReplyTools } from "./tools";
import { useWriting, type Writing } from "./writing";

interface ComposerProps {
  desk: Desk;
  /** The conversation is not mine: colleagues may be told, the customer not. */
  noteOnly?: boolean;
}

export function Composer({ desk, noteOnly = false }: ComposerProps) {
  const t = words.value;
  const talk = conversation.value;
  const note = noteOnly || mode.value === "note";
  const writing = useWriting(talk, note);
  const { box, text, caret, write, insert } = writing;
  const proposal = useSignal(false);
  const list = useCompletions(writing, note);
  const files = note ? [] : uploads.of(talk);
  const ready = (text.value.trim() !== "" || files.some((one) => one.file)) && !files.some((one) => one.state === "uploading");

  const send = async (event: Event) => {
    event.preventDefault();
    const words = text.value.trim();
    const open = ticket.value;
    if (!ready) return;
    if (!note) {
      write("");
      if (open) desk.outgoing.say(open, words, uploads.collect(talk), Date.now(), borrowed(keep, talk, words));
      return;
    }
    if (await desk.acts.note(words, proposal.value)) return;
    proposal.value = false;
    setDraft(talk, "", true);
    mode.value = "reply";
    text.value = draft(talk, noteOnly);
  };
  const leave = () => {
    box.current!.blur();
    if (noteOnly && !text.value) mode.value = "reply";
  };
  const key = (event: KeyboardEvent) => {
    // 229: Safari ends an IME composition before the Enter that chose the word.
    if (event.isComposing || event.keyCode === 229) return;
    const last = desk.outgoing.last(talk);
    if (list.key(event)) return take(event);
    if (event.key === "Enter" && !event.shiftKey) void send(event);
    else if (event.code === "KeyZ" && event.ctrlKey && !text.value && last) desk.takeBack(last.cid);
    else if (event.key === "Escape") leave();
    else return;
    take(event);
  };
  const slash = () => {
    if (!text.value.endsWith("/")) insert(text.value ? "\n/" : "/", text.value.length, text.value.length);
    list.reopen();
    box.current!.focus();
  };
  const moved = () => (caret.value = box.current!.selectionStart);
  return (
    <form class={`reply ${note ? "as-note" : ""}`} onSubmit={(event) => void send(event)} data-composer={note ? "note" : "reply"}>
      {!note && <DraftOffer onTake={(words) => write([words, text.value].filter(Boolean).join("\n"))} />}
      {list.asked && <Completions asked={list.asked} all={list.all} at={list.at} onTake={list.take} />}
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
          aria-controls={list.asked ? "completions" : undefined}
          aria-activedescendant={list.all.length ? `completion-${list.at}` : undefined}
          onInput={(event) => {
            list.reopen();
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
          {note && <Propose proposal={proposal} />}
          <span class="spread" />
          {!note && <ReplyTools conversation={talk} onSlash={slash} />}
          <button class="send" aria-label={note ? t.sendNote : t.send} disabled={!ready}>
            <Icon d={SEND} />
          </button>
        </div>
      </div>
      <p class="hint">{note ? t.noteHint : t.hint}</p>
    </form>
  );
}

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function Propose({ proposal }: { proposal: Signal<boolean> }) {
  return (
    <label class="propose">
      <input type="checkbox" checked={proposal.value} onChange={(event) => (proposal.value = event.currentTarget.checked)} />
      {words.value.propose}
    </label>
  );
}

/** The list over the field: what it offers for the words before the caret, and the keys that walk through it. */
function useCompletions({ text, caret, insert }: Writing, note: boolean) {
  const chosen = useSignal(0);
  const dismissed = useSignal(false);
  const wanted = dismissed.value ? null : asked(text.value, caret.value, note);
  const all = wanted ? choices(wanted) : [];
  const at = Math.min(chosen.value, Math.max(0, all.length - 1));
  useEffect(() => {
    if (wanted?.kind === "canned") void loadCanned();
  }, [wanted?.kind]);
  const put = (choice: Choice) => {
    insert(choice.text, wanted!.from, caret.value);
    choice.used?.();
  };
  /** False when the key is the field's own. */
  const key = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!all.length) return false;
    if (step) chosen.value = (at + step + all.length) % all.length;
    else if ((event.key === "Enter" && !event.shiftKey && !event.ctrlKey) || event.key === "Tab") put(all[at]!);
    else if (event.key === "Escape") dismissed.value = true;
    else return false;
    return true;
  };
  const reopen = () => {
    dismissed.value = false;
    chosen.value = 0;
  };
  return { asked: wanted, all, at, key, take: put, reopen };
}
