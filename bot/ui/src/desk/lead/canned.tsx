// Canned replies: the list, found by words; the one that is chosen is edited beside it.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { Icon } from "../../shared/icons";
import type { CannedList, CannedView, PolicyPage } from "../../shared/wire";
import { canned as deskCanned, lang } from "../store";
import { CannedEditor, unsaved } from "./canned-editor";
import { useLoad } from "./door";
import { PLUS } from "./icons";
import { Empty, Page, Ready, Text } from "./parts";
import { counted, words } from "./words";

const FRESH: CannedView = { id: "", shortcut: "", title: "", ru: "", en: "", group: "", used: 0 };

export function CannedScreen() {
  const t = words.value;
  const loaded = useLoad<CannedList>("canned");
  const policy = useLoad<PolicyPage>("policy");
  const open = useSignal<CannedView | null>(null);
  /** The reply that was saved last: a new one is drawn anew with its id and still says so. */
  const saved = useSignal("");
  const put = (replies: CannedView[], next: CannedView | null) => {
    loaded.put({ replies });
    // The composer loads them anew at the next slash.
    deskCanned.value = null;
    saved.value = next?.id ?? "";
    open.value = next;
  };
  return (
    <Page
      title={t.screens.canned}
      hint={t.canned.hint}
      wide
      actions={
        <button type="button" class="button" onClick={() => (open.value = { ...FRESH })}>
          <Icon d={PLUS} />
          {t.canned.add}
        </button>
      }
    >
      <Ready loaded={loaded}>
        {({ replies }) => (
          <div class={`two ${open.value ? "editing" : ""}`}>
            <List replies={replies} current={open.value?.id} onOpen={(reply) => (open.value = reply)} />
            {open.value ? (
              <CannedEditor
                key={open.value.id || "new"}
                reply={open.value}
                justSaved={open.value.id !== "" && open.value.id === saved.value}
                groups={policy.data?.policy.groups ?? []}
                onSaved={(next) => put([...replies.filter(({ id }) => id !== next.id), next], next)}
                onRemoved={(id) => put(replies.filter((one) => one.id !== id), null)}
                onClose={() => (open.value = null)}
              />
            ) : (
              <div class="two-none">
                <Empty title={replies.length ? t.canned.pick : t.canned.empty} text={replies.length ? "" : t.canned.emptyHint} />
              </div>
            )}
          </div>
        )}
      </Ready>
    </Page>
  );
}

interface ListProps {
  replies: CannedView[];
  current: string | undefined;
  onOpen(reply: CannedView): void;
}

function List({ replies, current, onOpen }: ListProps) {
  const t = words.value;
  const query = useSignal("");
  const asked = query.value.trim().replace(/^\//, "").toLocaleLowerCase(lang.value);
  const shown = replies
    .filter(({ shortcut, title, ru, en }) => `${shortcut} ${title} ${ru} ${en}`.toLocaleLowerCase(lang.value).includes(asked))
    .sort((a, b) => a.title.localeCompare(b.title, lang.value));
  return (
    <section class="two-list" aria-label={t.canned.list}>
      <Text label={t.canned.search} bare type="search" placeholder={t.canned.search} value={query.value} onText={(text) => (query.value = text)} />
      {!shown.length && replies.length > 0 && <p class="soft none-found">{t.nothingFound}</p>}
      <ul>
        {shown.map((reply) => (
          <li key={reply.id}>
            <button type="button" class="two-row" aria-current={reply.id === current ? "true" : undefined} onClick={() => onOpen(reply)}>
              <b>{reply.title}</b>
              <code>/{reply.shortcut}</code>
              <small>
                {unsaved.value.has(reply.id) && <span class="unsaved">{t.canned.unsaved} ·</span>}
                {reply.used ? counted(reply.used, t.canned.used) : t.canned.unused}
                {(!reply.ru || !reply.en) && <span>· {reply.ru ? t.canned.only.ru : t.canned.only.en}</span>}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
