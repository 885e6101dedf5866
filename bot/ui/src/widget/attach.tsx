// Attachments both ways: the tray above the composer, and files in the rows.
import { h } from "preact";
import { ARTICLE, CLOSE, Icon } from "../shared/icons";
import type { FileView, Lang } from "../shared/wire";
import type { Chat } from "./chat";
import { size, Uploads } from "./uploads";

const EN = {
  tooLarge: "Larger than 10 MB",
  tooMany: "At most 10 files in a message",
  empty: "The file is empty",
  failed: "Not uploaded. Check the connection",
  remove: "Remove",
  uploading: "Uploading",
};

const RU: typeof EN = {
  tooLarge: "Больше 10 МБ",
  tooMany: "Не больше 10 файлов в сообщении",
  empty: "Файл пустой",
  failed: "Не загружен. Проверьте связь",
  remove: "Убрать",
  uploading: "Загружается",
};

const WORDS = { ru: RU, en: EN };
const trays = new WeakMap<Chat, Uploads>();

function tray(chat: Chat): Uploads {
  const known = trays.get(chat);
  if (known) return known;
  const made = new Uploads(
    () => ({ ...WORDS[chat.lang], lang: chat.lang }),
    () => chat.keep.get("token"),
    () => {
      chat.files = made.ready;
      chat.uploading = made.going;
      chat.redraw();
    },
  );
  trays.set(chat, made);
  return made;
}

export function add(chat: Chat, files: readonly File[]): void {
  tray(chat).add(files);
}

/** Opens the browser's own dialog; call it soon after a click. */
export function pick(chat: Chat): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.onchange = () => add(chat, [...(input.files ?? [])]);
  input.click();
}

/** The chosen files have left with a message. */
export function sent(chat: Chat): void {
  tray(chat).sent();
  chat.files = [];
}

export function Tray({ chat }: { chat: Chat }) {
  const words = WORDS[chat.lang];
  const uploads = tray(chat);
  if (!uploads.list.length) return null;
  return (
    <div class="tray">
      {uploads.list.map(({ key, name, size: bytes, share, file, error }) => (
        <div key={key} class={`file ${error && "wrong"}`} role={error ? "alert" : undefined}>
          <Icon d={ARTICLE} />
          <span>
            {name}
            <small>{error || size(bytes, chat.lang)}</small>
          </span>
          <button type="button" aria-label={`${words.remove} ${name}`} onClick={() => uploads.drop(key)}>
            <Icon d={CLOSE} />
          </button>
          {!file && !error && <progress value={share} aria-label={`${words.uploading}: ${name}`} />}
        </div>
      ))}
    </div>
  );
}

export function Files({ files, lang }: { files: readonly FileView[]; lang: Lang }) {
  if (!files.length) return null;
  return (
    <div class="files">
      {files.map((file) =>
        file.image ? (
          <a class="pic" href={file.url} target="_blank" rel="noopener">
            <img src={file.url} alt={file.name} />
          </a>
        ) : (
          <a class="file" href={file.url} target="_blank" rel="noopener">
            <Icon d={ARTICLE} />
            <span>
              {file.name}
              <small>{size(file.size, lang)}</small>
            </span>
          </a>
        ),
      )}
    </div>
  );
}

/** How much of a message there is, once little room is left. */
export function Count({ left, of }: { left: number; of: number }) {
  return (
    <p class={left < 0 ? "count over" : "count"} role="status">
      {of - left} / {of}
    </p>
  );
}
