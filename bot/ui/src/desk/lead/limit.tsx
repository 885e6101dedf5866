// How many wrong answers are allowed: set by a lead, with what another limit would do before it is set.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../../shared/icons";
import type { LearningView, QualityView } from "../../shared/wire";
import { may } from "../store";
import { call, useAct } from "./door";
import { ALARM, CHECK } from "./icons";
import { Alarm, Field, Section, Told } from "./parts";
import { fill, share, words } from "./words";

const PAUSE = 300;
/** The slider ends here; a limit above that is typed. */
const EASY = 20;

export function Limit({ state, onSaved }: { state: LearningView; onSaved(): void }) {
  const t = words.value.learning;
  const percent = useSignal(toPercent(state.max_wrong));
  const told = useSignal("");
  const act = useAct();
  const wanted = percent.value / 100;
  const wrong = !(wanted >= state.lowest && wanted <= state.highest);
  const changed = percent.value !== toPercent(state.max_wrong);
  const shown = usePreview(state, changed && !wrong ? wanted : null);
  const save = async (event: Event) => {
    event.preventDefault();
    if (wrong || !changed || !(await act.run(() => call("PUT", "learning/max-wrong", { max_wrong: wanted })))) return;
    told.value = fill(t.setDone, { limit: share(wanted) });
    onSaved();
  };
  const pick = (event: { currentTarget: HTMLInputElement }) => {
    told.value = "";
    percent.value = event.currentTarget.value === "" ? Number.NaN : Number(event.currentTarget.value);
  };
  const range = { step: 0.5, value: Number.isNaN(percent.value) ? "" : percent.value, disabled: !may("manage_team"), onInput: pick };
  return (
    <Section title={t.limit} hint={t.limitHint}>
      <form class="limit" noValidate onSubmit={(event) => void save(event)}>
        <Field label={t.limitField} error={wrong ? fill(t.limitWrong, { low: share(state.lowest), high: share(state.highest) }) : ""}>
          {(names) => (
            <div class="limit-row">
              <span class="with-unit">
                <input {...names} {...range} type="number" inputMode="decimal" min={state.lowest * 100} max={state.highest * 100} />%
              </span>
              <input {...range} class="limit-slide" type="range" min={state.lowest * 100} max={EASY} aria-label={t.limitField} aria-valuetext={share(wanted)} />
              {may("manage_team") && (
                <button class="button primary" disabled={!changed || wrong || act.busy}>
                  {act.busy ? words.value.saving : words.value.save}
                </button>
              )}
            </div>
          )}
        </Field>
        <Alarm text={act.error} />
        <Told text={told.value} />
        <Worth quality={shown} title={changed && !wrong ? fill(t.preview, { limit: share(wanted) }) : t.now} />
      </form>
    </Section>
  );
}

/** What another limit would do, asked when the hand rests; the present one until the answer is there. */
function usePreview(state: LearningView, wanted: number | null): QualityView {
  const found = useSignal<QualityView | null>(null);
  useEffect(() => {
    if (wanted === null) {
      found.value = null;
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      call<QualityView>("GET", `learning/preview?of=${state.lang}&max_wrong=${wanted}`).then(
        (answer) => current && (found.value = answer),
        // The present numbers stay; saving says what is wrong.
        () => undefined,
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted, state]);
  return found.value ?? state.quality;
}

function Worth({ quality, title }: { quality: QualityView; title: string }) {
  const t = words.value.learning;
  const measured = quality.steps.length > 0;
  return (
    <div class="worth" role="group" aria-label={title}>
      <h3>{title}</h3>
      <p class={`promise ${quality.can_promise ? "kept" : "unproven"}`} role="status">
        <Icon d={quality.can_promise ? CHECK : ALARM} />
        <span>
          <b>{quality.can_promise ? t.kept : t.open}</b>
          {quality.text}
        </span>
      </p>
      {measured ? <Shares quality={quality} /> : <p class="soft">{t.unmeasured}</p>}
    </div>
  );
}

function Shares({ quality }: { quality: QualityView }) {
  const t = words.value.learning;
  const { answered, asked, wrong, coverage } = quality;
  const passed = Math.max(0, 1 - answered - asked);
  const parts = [
    { id: "answered", size: answered, name: t.answered },
    { id: "asked", size: asked, name: t.asked },
    { id: "passed", size: passed, name: t.passed },
  ];
  const between = (low: number, high: number) => fill(t.between, { low: share(low), high: share(high) });
  return (
    <div class="shares">
      <svg class="shares-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ id, size }, at) => (
          <rect key={id} class={id} x={100 * parts.slice(0, at).reduce((sum, part) => sum + part.size, 0)} width={100 * size} height="4" />
        ))}
      </svg>
      <dl class="figures">
        {parts.map(({ id, size, name }) => (
          <div key={id} class={id}>
            <dt>{name}</dt>
            <dd>
              <b>{share(size)}</b>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t.wrong}</dt>
          <dd>
            <b>{share(wrong)}</b> {between(quality.wrong_low, quality.wrong_high)}
          </dd>
        </div>
        <div>
          <dt>{t.right}</dt>
          <dd>
            <b>{share(coverage)}</b> {between(quality.coverage_low, quality.coverage_high)}
          </dd>
        </div>
      </dl>
    </div>
  );
}

const toPercent = (value: number): number => Math.round(value * 1000) / 10;
