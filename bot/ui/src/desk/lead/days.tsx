// The days of a calendar that differ: added by hand or filled in from a country's public holidays.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Icon } from "../../shared/icons";
import type { CalendarView, HolidayList, SpecialDay } from "../../shared/wire";
import { lang } from "../store";
import { momentIn, withHolidays } from "./calendar-model";
import { call, useAct } from "./door";
import { PLUS, TRASH } from "./icons";
import { Alarm, Pick, Text, Told, Whole } from "./parts";
import { problemAt } from "./policy-page";
import { Spans } from "./week";
import { counted, dayName, fill, words } from "./words";

interface DaysProps {
  calendar: CalendarView;
  countries: string[];
  onDays(days: SpecialDay[]): void;
}

type Kind = "off" | "hours" | "checkpoint";

/** Names of holidays that were filled in while this page lives, by date; the rules keep only the dates. */
const HOLIDAYS = new Map<string, string>();

function kindOf({ spans, checkpoint }: SpecialDay): Kind {
  return checkpoint ? "checkpoint" : spans.length ? "hours" : "off";
}

const FRESH_SPANS: Record<Kind, SpecialDay["spans"]> = {
  off: [],
  hours: [{ opens: "10:00", closes: "18:00" }],
  checkpoint: [
    { opens: "10:00", closes: "10:30" },
    { opens: "15:00", closes: "15:30" },
    { opens: "17:00", closes: "18:00" },
  ],
};

export function Days({ calendar, countries, onDays }: DaysProps) {
  const t = words.value.calendars;
  const today = momentIn(calendar.zone, new Date())?.day ?? "";
  const past = calendar.days.filter(({ day }) => day && day < today);
  const rows = (days: SpecialDay[]) =>
    days.map((one) => {
      const at = calendar.days.indexOf(one);
      return (
        <DayEditor
          key={at}
          one={one}
          problem={problemAt(`calendars.${calendar.id}.days.${at}`)}
          onDay={(next) => onDays(calendar.days.map((was, index) => (index === at ? next : was)))}
          onRemove={() => onDays(calendar.days.filter((_, index) => index !== at))}
        />
      );
    });
  return (
    <>
      {!calendar.days.length && <p class="soft">{t.noDays}</p>}
      <div class="days">{rows(calendar.days.filter((one) => !past.includes(one)))}</div>
      {past.length > 0 && (
        <details class="days-past">
          <summary>{fill(t.past, { n: past.length })}</summary>
          <div class="days">{rows(past)}</div>
        </details>
      )}
      <p>
        <button type="button" class="button small" onClick={() => onDays([...calendar.days, { day: "", spans: [], checkpoint: false }])}>
          <Icon d={PLUS} />
          {t.addDay}
        </button>
      </p>
      <Holidays calendar={calendar} countries={countries} onDays={onDays} />
    </>
  );
}

interface DayEditorProps {
  one: SpecialDay;
  problem: string;
  onDay(next: SpecialDay): void;
  onRemove(): void;
}

function DayEditor({ one, problem, onDay, onRemove }: DayEditorProps) {
  const t = words.value.calendars;
  const kind = kindOf(one);
  const name = one.day ? dayName(one.day) : t.addDay;
  const become = (next: Kind) => onDay({ ...one, checkpoint: next === "checkpoint", spans: FRESH_SPANS[next] });
  const holiday = HOLIDAYS.get(one.day);
  return (
    <div class="day-row" role="group" aria-label={name}>
      <div class="day-date">
        <Text label={`${t.date}: ${name}`} bare type="date" value={one.day} onText={(day) => onDay({ ...one, day })} />
        <span class="soft">{holiday ?? (one.day && dayName(one.day))}</span>
      </div>
      <Pick
        label={`${t.kind}: ${name}`}
        bare
        value={kind}
        options={[
          ["off", t.kinds.off!],
          ["hours", t.kinds.hours!],
          ["checkpoint", t.kinds.checkpoint!],
        ]}
        onPick={(next) => become(next as Kind)}
      />
      {kind === "off" ? (
        <p class="field-error">{problem}</p>
      ) : (
        <Spans name={name} spans={one.spans} problem={problem} empty="" onSpans={(spans) => onDay({ ...one, spans })} />
      )}
      <button type="button" class="tool" aria-label={fill(t.removeDay, { day: name })} onClick={onRemove}>
        <Icon d={TRASH} />
      </button>
    </div>
  );
}

function Holidays({ calendar, countries, onDays }: DaysProps) {
  const t = words.value.calendars;
  const act = useAct();
  const told = useSignal("");
  const country = useSignal(lang.value === "ru" && countries.includes("RU") ? "RU" : (countries[0] ?? ""));
  const year = useSignal(new Date().getFullYear());
  const names = new Intl.DisplayNames([lang.value], { type: "region" });
  const options = countries
    .map((code) => [code, code.length === 2 ? (names.of(code) ?? code) : code] as const)
    .sort((a, b) => a[1].localeCompare(b[1], lang.value));
  const fetchDays = async () => {
    told.value = "";
    await act.run(async () => {
      const { days } = await call<HolidayList>("GET", `holidays?country=${encodeURIComponent(country.value)}&year=${year.value}`);
      for (const [day, name] of Object.entries(days)) HOLIDAYS.set(day, name);
      const next = withHolidays(calendar.days, Object.keys(days));
      if (next.added) onDays(next.days);
      told.value = next.added ? counted(next.added, t.filled) : t.filledNone;
    });
  };
  if (!countries.length) return null;
  return (
    <div class="holidays" role="group" aria-label={t.holidays}>
      <b>{t.holidays}</b>
      <p class="soft">{t.holidaysHint}</p>
      <div class="field-row tight">
        <Pick label={t.country} value={country.value} options={options} onPick={(code) => (country.value = code)} />
        <Whole label={t.year} value={year.value} limit={[2000, 2100]} onNumber={(next) => (year.value = next)} />
        <button type="button" class="button" disabled={act.busy || Number.isNaN(year.value)} onClick={() => void fetchDays()}>
          {t.fillIn}
        </button>
      </div>
      <Alarm text={act.error} />
      <Told text={told.value} />
    </div>
  );
}
