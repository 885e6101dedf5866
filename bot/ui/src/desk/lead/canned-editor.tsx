// One canned reply: both languages side by side, variables put in where the cursor is, what the customer will read below.
import { signal, useSignal } from "@preact/signals";
import { h } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../shared/icons";
import type { CannedBody, CannedView, GroupView, Lang } from "../../shared/wire";
import { BACK } from "../icons";
import { lang } from "../store";
import { insertAt, isShortcut, preview, unknownVariables, VARIABLES } from "./canned-preview";
import { call, useAct } from "./door";
import { Confirm } from "./modal";
import { Alarm, Area, Pick, Text, Told } from "./parts";
import { focusWrong } from "./password";
import { same } from "./policy-diff";
import { fill, words } from "./words";
import { SAMPLES } from "./words/answers.samples";

/** What was changed and not saved, by reply: it waits here while one looks at another reply or screen. */
export const unsaved = signal<ReadonlyMap<string, CannedBody>>(new Map());

function keepDraft(id: string, body: CannedBody | null): void {
  const next = new Map(unsaved.value);
  if (body) next.set(id, body);
  else next.delete(id);
  unsaved.value = next;
}

interface EditorProps {
  reply: CannedView;
  justSaved: boolean;
  groups: GroupView[];
  onSaved(reply: CannedView): void;
  onRemoved(id: string): void;
  onClose(): void;
}

const LANGS: readonly Lang[] = ["ru", "en"];
const TEXT_MAX = 5_000;

function bodyOf({ shortcut, title, ru, en, group }: CannedView): CannedBody {
  return { shortcut, title, ru, en, group };
}

/** A group that I cannot see, or that is gone, stays chosen until another one is. */
function groupOptions(groups: GroupView[], chosen: string): (readonly [string, string])[] {
  const known = groups.map((group) => [group.id, group[lang.value]] as const);
  const other = chosen && !groups.some(({ id }) => id === chosen) ? [[chosen, chosen] as const] : [];
  return [["", words.value.canned.everybody], ...known, ...other];
}

/** What is wrong, by field; empty when it can be saved. */
export function wrongIn({ shortcut, title, ru, en }: CannedBody): Partial<Record<"shortcut" | "title" | "text", string>> {
  const t = words.value;
  return {
    ...(title.trim() ? {} : { title: t.required }),
    ...(!shortcut ? { shortcut: t.required } : isShortcut(shortcut) ? {} : { shortcut: t.canned.shortcutWrong }),
    ...(ru.trim() || en.trim() ? {} : { text: t.canned.bothEmpty }),
  };
}

export function CannedEditor({ reply, justSaved, groups, onSaved, onRemoved, onClose }: EditorProps) {
  const t = words.value;
  const body = useSignal<CannedBody>(unsaved.peek().get(reply.id) ?? bodyOf(reply));
  const dirty = !same(body.value, bodyOf(reply));
  const tried = useSignal(false);
  const told = useSignal(justSaved ? t.saved : "");
  const asks = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const act = useAct();
  const set = (part: Partial<CannedBody>) => {
    body.value = { ...body.value, ...part };
    told.value = "";
    act.clear();
    keepDraft(reply.id, same(body.value, bodyOf(reply)) ? null : body.value);
  };
  const wrong = tried.value ? wrongIn(body.value) : {};
  const taken = act.code === "shortcut_taken" ? act.error : "";
  const path = reply.id ? `canned/${encodeURIComponent(reply.id)}` : "canned";
  const save = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    if (Object.keys(wrongIn(body.value)).length) return focusWrong(form.current!);
    await act.run(async () => {
      const saved = await call<CannedView>(reply.id ? "PUT" : "POST", path, body.value);
      keepDraft(reply.id, null);
      told.value = t.saved;
      onSaved(saved);
    });
  };
  return (
    <form class="two-editor" ref={form} noValidate onSubmit={(event) => void save(event)}>
      <header>
        <button type="button" class="tool two-back" aria-label={t.canned.list} onClick={onClose}>
          <Icon d={BACK} />
        </button>
        <h2>{reply.id ? reply.title : t.canned.fresh}</h2>
      </header>
      {!taken && <Alarm text={act.error} />}
      <div class="field-row three">
        <Text label={t.canned.title} value={body.value.title} maxLength={100} error={wrong.title} onText={(title) => set({ title })} />
        <Text
          label={t.canned.shortcut}
          hint={t.canned.shortcutHint}
          value={body.value.shortcut}
          maxLength={40}
          autocapitalize="none"
          spellcheck={false}
          error={taken || wrong.shortcut}
          onText={(shortcut) => set({ shortcut: shortcut.replace(/^\//, "") })}
        />
        <Pick
          label={t.canned.group}
          value={body.value.group ?? ""}
          options={groupOptions(groups, body.value.group ?? "")}
          onPick={(group) => set({ group })}
        />
      </div>
      <div class="pair">
        {LANGS.map((one) => (
          <Side key={one} one={one} body={body.value} error={wrong.text ?? ""} onText={(text) => set({ [one]: text })} />
        ))}
      </div>
      <footer class="form-foot">
        <button class="button primary" disabled={act.busy}>
          {act.busy ? t.saving : t.save}
        </button>
        {dirty && (
          <button type="button" class="button" disabled={act.busy} onClick={() => set(bodyOf(reply))}>
            {t.discard}
          </button>
        )}
        <Told text={told.value} />
        {reply.id && (
          <button type="button" class="button danger-text" onClick={() => (asks.value = true)}>
            {t.canned.remove}
          </button>
        )}
      </footer>
      {asks.value && (
        <Confirm
          title={fill(t.canned.removeTitle, { title: reply.title })}
          text={t.canned.removeText}
          action={t.canned.remove}
          danger
          onYes={async () => {
            await call("DELETE", path);
            keepDraft(reply.id, null);
            onRemoved(reply.id);
          }}
          onClose={() => (asks.value = false)}
        />
      )}
    </form>
  );
}

interface SideProps {
  one: Lang;
  body: CannedBody;
  error: string;
  onText(text: string): void;
}

function Side({ one, body, error, onText }: SideProps) {
  const t = words.value.canned;
  const area = useRef<HTMLTextAreaElement>(null);
  const text = body[one];
  const other = body[one === "ru" ? "en" : "ru"];
  const unknown = unknownVariables(text, SAMPLES[one]);
  const put = (word: string) => {
    const field = area.current!;
    const next = insertAt(text, word, field.selectionStart, field.selectionEnd);
    onText(next.text);
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(next.cursor, next.cursor);
    });
  };
  return (
    <div class="pair-side">
      <Area label={t.text[one]} rows={7} maxLength={TEXT_MAX} lang={one} area={area} value={text} error={error} onText={onText} />
      <div class="variables" role="group" aria-label={`${t.insert}: ${t.text[one]}`}>
        {[...VARIABLES, "field"].map((name) => (
          <button key={name} type="button" class="variable" title={`{${name === "field" ? "field.account" : name}}`} onClick={() => put(name === "field" ? "{field.account}" : `{${name}}`)}>
            {t.variable[name]}
          </button>
        ))}
      </div>
      {unknown.length > 0 && <p class="field-warn">{fill(t.unknown, { names: unknown.join(", ") })}</p>}
      {!text.trim() && other.trim() && <p class="field-hint">{t.missing}</p>}
      <figure class="customer-view" lang={one}>
        <figcaption>{t.preview[one]}</figcaption>
        <p>
          {preview(text, SAMPLES[one]).map((piece, at) => (piece.kind === "plain" ? piece.text : <mark key={at} class={piece.kind}>{piece.text}</mark>))}
        </p>
      </figure>
    </div>
  );
}
