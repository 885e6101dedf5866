// SLA: how soon customers are answered, by priority, in working time.
import { Fragment, h } from "preact";
import { useId } from "preact/hooks";
import type { PolicyView, TargetView } from "../../shared/wire";
import { Section } from "./parts";
import { change } from "./policy";
import { LIMITS } from "./policy-check";
import { PolicyScreen, problemAt } from "./policy-page";
import { fill, words } from "./words";

const TARGETS = ["first", "next", "resolution"] as const;
type Target = (typeof TARGETS)[number];

export function Sla() {
  const t = words.value;
  return (
    <PolicyScreen title={t.screens.sla} hint={t.sla.hint}>
      {({ policy }) => (
        <>
          <Targets policy={policy} />
          <Section title={t.sla.how}>
            <ul class="how">
              {t.sla.howText.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Section>
        </>
      )}
    </PolicyScreen>
  );
}

function Targets({ policy }: { policy: PolicyView }) {
  const t = words.value;
  const rows = [...policy.targets].sort((a, b) => a.priority - b.priority);
  const set = (priority: number, part: Partial<TargetView>) =>
    change(
      "targets",
      policy.targets.map((one) => (one.priority === priority ? { ...one, ...part } : one)),
    );
  return (
    <table class="targets">
      <thead>
        <tr>
          <th scope="col">{t.priorities.priority}</th>
          {TARGETS.map((target) => (
            <th scope="col" key={target}>
              {t.sla[target]}
              <small>{t.sla[`${target}Hint`]}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={row.priority}>
            <th scope="row">
              <PriorityMark priority={row.priority} />
            </th>
            {TARGETS.map((target) => (
              <td key={target} data-label={t.sla[target]}>
                <Duration
                  label={fill(t.sla.value, { target: t.sla[target], priority: t.priority[row.priority]! })}
                  minutes={row[target]}
                  limit={LIMITS[target]}
                  problem={problemAt(`targets.${row.priority}.${target}`)}
                  remark={looser(rows, at, target) ? t.sla.looser : ""}
                  onMinutes={(minutes) => set(row.priority, { [target]: minutes })}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Is a more urgent priority given more time than the one below it? Allowed, but worth a word. */
function looser(rows: readonly TargetView[], at: number, target: Target): boolean {
  const below = rows[at + 1];
  return below !== undefined && rows[at]![target] > below[target];
}

export function PriorityMark({ priority }: { priority: number }) {
  return (
    <span class={`rank level-${priority}`}>
      <b>P{priority}</b> {words.value.priority[priority]}
    </span>
  );
}

interface DurationProps {
  label: string;
  minutes: number;
  limit: readonly [number, number];
  problem: string;
  remark: string;
  onMinutes(minutes: number): void;
}

/** Minutes, or hours where the number divides: the unit is what one reads best, and can be chosen. */
function Duration({ label, minutes, limit, problem, remark, onMinutes }: DurationProps) {
  const t = words.value;
  const id = useId();
  const HOUR = 60;
  const unit = minutes >= HOUR && minutes % HOUR === 0 ? HOUR : 1;
  const note = problem || remark;
  return (
    <div class={`duration ${problem ? "wrong" : ""}`}>
      <input
        type="number"
        inputMode="numeric"
        min={1}
        max={limit[1] / unit}
        step={1}
        aria-label={label}
        aria-describedby={note ? id : undefined}
        aria-invalid={problem ? "true" : undefined}
        value={Number.isNaN(minutes) ? "" : minutes / unit}
        onInput={(event) => onMinutes(event.currentTarget.value === "" ? Number.NaN : Math.round(Number(event.currentTarget.value) * unit))}
      />
      <select
        aria-label={`${label}: ${t.unit}`}
        value={String(unit)}
        onChange={(event) => onMinutes((minutes / unit) * Number(event.currentTarget.value))}
      >
        <option value="1" selected={unit === 1}>
          {t.minutes}
        </option>
        <option value="60" selected={unit === HOUR}>
          {t.hours}
        </option>
      </select>
      {note && (
        <p class={problem ? "field-error" : "field-hint"} id={id}>
          {note}
        </p>
      )}
    </div>
  );
}
