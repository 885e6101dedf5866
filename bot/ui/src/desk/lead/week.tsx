// The week of a calendar: one row a day with a bar of its hours, spans that are typed, and days that are copied.
import { Fragment, h } from "preact";
import { useId } from "preact/hooks";
import { CLOSE, Icon } from "../../shared/icons";
import type { Span } from "../../shared/wire";
import { Menu } from "../menu";
import { copyDay, DAY_MINUTES, minutesOf, nextSpan, openMinutes, readTime, sameWeek } from "./calendar-model";
import { COPY, PLUS } from "./icons";
import { problemAt } from "./policy-page";
import { fill, words } from "./words";

const WEEKDAYS = [0, 1, 2, 3, 4];
const ALL = [0, 1, 2, 3, 4, 5, 6];
const TEN_HOURS_STEP = 6;

interface WeekProps {
  weekly: Span[][];
  /** Where this calendar stands in the rules. */
  place: string;
  onWeek(weekly: Span[][]): void;
}

export function Week({ weekly, place, onWeek }: WeekProps) {
  const t = words.value.calendars;
  const hours = weekly.reduce((sum, spans) => sum + openMinutes(spans), 0) / 60;
  return (
    <section class="lead-section week">
      <header>
        <h2>{t.week}</h2>
        <Menu
          kind="button small"
          label={
            <>
              {t.presets}
              <i class="caret" />
            </>
          }
          items={[
            { title: t.preset.office, act: () => onWeek(sameWeek(5, "09:00", "18:00")) },
            { title: t.preset.late, act: () => onWeek(sameWeek(7, "10:00", "22:00")) },
            { title: t.preset.always, act: () => onWeek(sameWeek(7, "00:00", "24:00")) },
          ]}
        />
        <span class="soft">{fill(t.perWeek, { hours: Math.round(hours * 10) / 10 })}</span>
      </header>
      <div class="week-days">
        {ALL.map((day) => (
          <DayRow
            key={day}
            name={t.days[day]!}
            spans={weekly[day] ?? []}
            problem={problemAt(`${place}.weekly.${day}`)}
            onSpans={(spans) => onWeek(weekly.map((was, at) => (at === day ? spans : was)))}
            onCopy={(to) => onWeek(copyDay(weekly, day, to))}
          />
        ))}
      </div>
    </section>
  );
}

interface DayRowProps {
  name: string;
  spans: Span[];
  problem: string;
  onSpans(spans: Span[]): void;
  onCopy(to: number[]): void;
}

function DayRow({ name, spans, problem, onSpans, onCopy }: DayRowProps) {
  const t = words.value.calendars;
  return (
    <div class={`week-day ${spans.length ? "" : "off"}`} role="group" aria-label={name}>
      <b>{name}</b>
      <HoursBar spans={spans} />
      <Spans name={name} spans={spans} problem={problem} empty={t.dayOff} onSpans={onSpans} />
      <Menu
        kind="tool"
        name={fill(t.copyTo, { day: name })}
        label={<Icon d={COPY} />}
        items={[
          { title: t.toWeekdays, act: () => onCopy(WEEKDAYS) },
          { title: t.toAll, act: () => onCopy(ALL) },
        ]}
      />
    </div>
  );
}

/** A day from midnight to midnight; a picture for the eyes, the numbers stand beside it. */
export function HoursBar({ spans }: { spans: Span[] }) {
  return (
    <svg class="hours-bar" viewBox={`0 0 ${DAY_MINUTES} 10`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="hours-ground" width={DAY_MINUTES} height="10" />
      {spans.map(({ opens, closes }) => {
        const from = minutesOf(opens) ?? 0;
        return <rect class="hours-open" x={from} width={Math.max(0, (minutesOf(closes) ?? from) - from)} height="10" />;
      })}
      {[1, 2, 3].map((quarter) => (
        <rect class="hours-tick" x={quarter * TEN_HOURS_STEP * 60 - 1.5} width="3" height="10" />
      ))}
    </svg>
  );
}

interface SpansProps {
  name: string;
  spans: Span[];
  problem: string;
  /** Said when there are none. */
  empty: string;
  onSpans(spans: Span[]): void;
}

export function Spans({ name, spans, problem, empty, onSpans }: SpansProps) {
  const t = words.value.calendars;
  const id = useId();
  const fresh = nextSpan(spans);
  const set = (at: number, part: Partial<Span>) => onSpans(spans.map((span, index) => (index === at ? { ...span, ...part } : span)));
  return (
    <div class="spans">
      {!spans.length && <span class="soft spans-none">{empty}</span>}
      {spans.map((span, at) => {
        const which = `${name}, ${fill(t.interval, { n: at + 1 })}`;
        return (
          <span class="span" key={at}>
            <Time label={`${which}, ${t.opens}`} value={span.opens} describedBy={problem ? id : undefined} onTime={(opens) => set(at, { opens })} />
            <i>–</i>
            <Time label={`${which}, ${t.closes}`} value={span.closes} describedBy={problem ? id : undefined} onTime={(closes) => set(at, { closes })} />
            <button
              type="button"
              class="tool small"
              aria-label={`${t.removeSpan}: ${which}`}
              title={t.removeSpan}
              onClick={() => onSpans(spans.filter((_, index) => index !== at))}
            >
              <Icon d={CLOSE} />
            </button>
          </span>
        );
      })}
      {fresh && (
        <button type="button" class="tool small add-span" aria-label={`${t.addSpan}: ${name}`} title={t.addSpan} onClick={() => onSpans([...spans, fresh])}>
          <Icon d={PLUS} />
        </button>
      )}
      {problem && (
        <p class="field-error" id={id}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface TimeProps {
  label: string;
  value: string;
  describedBy: string | undefined;
  onTime(time: string): void;
}

/** Takes "9", "930" or "18:00" and shows what it understood when the field is left. */
function Time({ label, value, describedBy, onTime }: TimeProps) {
  return (
    <input
      class="time"
      value={value}
      inputMode="numeric"
      maxLength={5}
      autocomplete="off"
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={minutesOf(value) === null ? "true" : undefined}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => onTime(event.currentTarget.value)}
      onBlur={(event) => {
        const read = readTime(event.currentTarget.value);
        if (read && read !== value) onTime(read);
      }}
    />
  );
}
