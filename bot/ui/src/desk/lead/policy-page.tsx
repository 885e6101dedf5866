// The frame of the screens that edit the rules: loads them, and keeps the bar that saves or discards in sight.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import type { PolicyPage, PolicyView } from "../../shared/wire";
import { Confirm } from "./modal";
import { Page, Ready, Told } from "./parts";
import { busy, changed, discard, draft, load, loadError, merged, page, problems, refusal, save, savedOnce } from "./policy";
import { fill, words } from "./words";

export interface Rules {
  policy: PolicyView;
  page: PolicyPage;
}

interface PolicyScreenProps {
  title: string;
  hint: string;
  actions?: ComponentChildren;
  wide?: boolean;
  children: (rules: Rules) => ComponentChildren;
}

export function PolicyScreen({ children, ...rest }: PolicyScreenProps) {
  useEffect(() => {
    savedOnce.value = false;
    void load();
  }, []);
  const known = page.value && draft.value ? { policy: draft.value, page: page.value } : null;
  return (
    <>
      <Page {...rest}>
        <Ready loaded={{ data: known, error: loadError.value, reload: () => void load(), put: () => undefined }}>{children}</Ready>
      </Page>
      <SaveBar />
    </>
  );
}

/** What is wrong at this place of the rules, in words; shown from the first keystroke on. */
export function problemAt(place: string): string {
  const problem = problems.value.get(place);
  return problem ? words.value.policy.problem[problem] : "";
}

function SaveBar() {
  const t = words.value;
  const asks = useSignal(false);
  if (!changed.value.length) return <Told text={savedOnce.value ? t.saved : ""} />;
  const where = changed.value.map((one) => t.policy.sections[one]).join(", ");
  return (
    <section class="save-bar" aria-label={t.policy.unsaved}>
      <div class="save-words">
        <b>{t.policy.unsaved}</b>
        <span class="soft">{where}</span>
        <Trouble />
      </div>
      <button type="button" class="button" disabled={busy.value} onClick={() => (asks.value = true)}>
        {t.discard}
      </button>
      <button type="button" class="button primary" disabled={busy.value} onClick={() => void save()}>
        {busy.value ? t.saving : t.save}
      </button>
      {asks.value && (
        <Confirm
          title={t.loseTitle}
          text={`${t.policy.unsaved}: ${where}.`}
          action={t.discard}
          danger
          onYes={discard}
          onClose={() => (asks.value = false)}
        />
      )}
    </section>
  );
}

/** Why the last try failed, or what a colleague did meanwhile. */
function Trouble() {
  const t = words.value.policy;
  const clashes = merged.value?.map((one) => t.sections[one]).join(", ");
  const failed = refusal.value;
  return (
    <div role="alert">
      {merged.value && (
        <p class="save-note">
          {t.merged} {clashes && fill(t.clashed, { sections: clashes })}
        </p>
      )}
      {failed && <p class="save-error">{failed.code === "invalid_here" ? t.invalid : `${failed.text} ${t.failed}`}</p>}
    </div>
  );
}
