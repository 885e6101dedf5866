// What narrows a live list: group, tag, colleague, channel, language.
import { h } from "preact";
import type { Filter } from "./views";
import { agents, filter, groups, lang, tags, words } from "./store";

export function Filters() {
  const t = words.value;
  const people = [...agents.value].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="filters" role="group" aria-label={t.filter}>
      {groups.value.length > 1 && <Choice name="group" label={t.filterGroup} all={groups.value.map((one) => [one.id, one[lang.value]])} />}
      <Choice name="tag" label={t.filterTag} all={tags.value.map((tag) => [tag, t.tag[tag] ?? tag])} />
      <Choice name="person" label={t.filterPerson} all={people.map(({ id, name }) => [id, name])} />
      <Choice name="channel" label={t.filterChannel} all={[["widget", t.site], ["telegram", t.telegram]]} />
      <Choice name="lang" label={t.filterLang} all={[["ru", t.chooseLang.ru], ["en", t.chooseLang.en]]} />
    </div>
  );
}

function Choice({ name, label, all }: { name: keyof Filter; label: string; all: [string, string][] }) {
  return (
    <label>
      {label}
      <select
        name={name}
        value={filter.value[name]}
        onChange={(event) => (filter.value = { ...filter.value, [name]: event.currentTarget.value })}
      >
        <option value="">{words.value.any}</option>
        {all.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
