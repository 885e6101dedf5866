// Under the composer's field: reply or note, ready answers, articles, files.
import { Fragment, h } from "preact";
import { useRef } from "preact/hooks";
import { ARTICLE, Icon } from "../shared/icons";
import { CLIP, SLASH } from "./icons";
import { dialog, mode, uploads, words } from "./store";

export function Modes({ note }: { note: boolean }) {
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

export function ReplyTools({ conversation, onSlash }: { conversation: string; onSlash(): void }) {
  const t = words.value;
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tool name={t.canned} hotkey="/" icon={SLASH} act={onSlash} />
      <Tool name={t.article} hotkey="I" icon={ARTICLE} act={() => (dialog.value = "article")} />
      <Tool name={t.attach} icon={CLIP} act={() => picker.current!.click()} />
      <input
        ref={picker}
        class="hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          void uploads.add(conversation, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

function Tool({ name, hotkey, icon, act }: { name: string; hotkey?: string; icon: string; act(): void }) {
  return (
    <button type="button" class="tool small" aria-label={name} title={hotkey ? `${name} (${hotkey})` : name} aria-keyshortcuts={hotkey} onClick={act}>
      <Icon d={icon} />
    </button>
  );
}
