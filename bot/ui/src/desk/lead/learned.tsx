// What the bot has learned: the last cycle in words, the versions, and the way back to each of them.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { LearningView, VersionView } from "../../shared/wire";
import { moment } from "../format";
import { lang, may } from "../store";
import { call, useAct } from "./door";
import { Confirm } from "./modal";
import { Alarm, Section } from "./parts";
import { counted, fill, share, words } from "./words";

interface LearnedProps {
  state: LearningView;
  onChanged(): void;
}

export function Learned({ state, onChanged }: LearnedProps) {
  const t = words.value.learning;
  const act = useAct();
  const asked = useSignal<{ id: number | null } | null>(null);
  const learn = async () => {
    if (await act.run(() => call("POST", "learning/learn", { lang: state.lang }))) onChanged();
  };
  const use = async (version: number | null) => {
    await call("POST", "learning/roll-back", { lang: state.lang, ...(version !== null && { version }) });
    onChanged();
  };
  const busy = act.busy || state.learning_now;
  const shipped = !state.versions.some(({ current }) => current);
  return (
    <Section
      title={t.learned}
      hint={t.learnedHint}
      actions={
        may("manage_team") && (
          <button type="button" class="button small" disabled={busy} onClick={() => void learn()}>
            {busy ? t.learning : t.learn}
          </button>
        )
      }
    >
      <Alarm text={act.error} />
      <p class="last-cycle" role="status">
        {state.last ? state.last.text : !state.versions.length && t.never}
        {state.last && <small>{moment(state.last.at, lang.value)}</small>}
        {state.waiting > 0 && <small>{counted(state.waiting, t.waiting)}</small>}
      </p>
      {state.versions.length > 0 && (
        <ul class="versions">
          {state.versions.map((version) => (
            <Row key={version.id} title={fill(t.version, { n: version.id })} current={version.current} onUse={() => (asked.value = { id: version.id })}>
              <Facts version={version} />
            </Row>
          ))}
          <Row title={t.shipped} current={shipped} onUse={() => (asked.value = { id: null })} />
        </ul>
      )}
      {asked.value && (
        <Confirm
          title={asked.value.id === null ? t.useShipped : fill(t.useTitle, { n: asked.value.id })}
          text={t.useText}
          action={t.use}
          onYes={() => use(asked.value!.id)}
          onClose={() => (asked.value = null)}
        />
      )}
    </Section>
  );
}

interface RowProps {
  title: string;
  current: boolean;
  onUse(): void;
  children?: h.JSX.Element;
}

function Row({ title, current, onUse, children }: RowProps) {
  const t = words.value.learning;
  return (
    <li>
      <span class="version-name">
        <b>{title}</b>
        {current && <span class="badge strong">{t.current}</span>}
      </span>
      <span class="version-facts">{children}</span>
      {!current && may("manage_team") && (
        <button type="button" class="button small" onClick={onUse}>
          {t.use}
          <span class="hidden">: {title}</span>
        </button>
      )}
    </li>
  );
}

function Facts({ version: { at, labels, by, before, after } }: { version: VersionView }) {
  const t = words.value.learning;
  const shares = before && after && { before: share(before.right), after: share(after.right), wrongBefore: share(before.wrong), wrongAfter: share(after.wrong) };
  return (
    <>
      <span>
        {moment(at, lang.value)}, {counted(labels, t.from)}
      </span>
      {shares && <span>{fill(t.rose, shares)}</span>}
      {by && <span>{fill(t.backBy, { name: by })}</span>}
    </>
  );
}
