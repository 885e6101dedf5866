// The files of a reply before it goes, and the ways they come in: button, paste, drop.
import { h } from "preact";
import { CLOSE, Icon } from "../shared/icons";
import { isMine, uploads, words } from "./store";

export function Attachments({ conversation }: { conversation: string }) {
  const t = words.value;
  const all = uploads.of(conversation);
  if (!all.length) return null;
  return (
    <ul class="uploads">
      {all.map(({ id, name, state, error, file }) => (
        <li key={id} class={state} data-upload={state}>
          {file?.image && <img src={file.url} alt="" />}
          <span role={state === "failed" ? "alert" : undefined}>
            {name}
            {state === "uploading" && <small>{t.uploading}</small>}
            {state === "failed" && <small>{error}</small>}
          </span>
          <button type="button" class="tool small" aria-label={`${t.remove}: ${name}`} onClick={() => uploads.remove(conversation, id)}>
            <Icon d={CLOSE} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A picture from the clipboard becomes an attachment; words stay words. */
export function pasted(event: ClipboardEvent, conversation: string): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  void uploads.add(conversation, files);
}

/** Files dragged over the conversation; anything else is left to the browser. */
export function over(event: DragEvent): boolean {
  const carries = isMine.value && (event.dataTransfer?.types.includes("Files") ?? false);
  if (carries) event.preventDefault();
  return carries;
}

export function dropped(event: DragEvent, conversation: string): void {
  if (!over(event)) return;
  void uploads.add(conversation, [...(event.dataTransfer?.files ?? [])]);
}
