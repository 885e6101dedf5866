// The two curves of the answers: is the confidence true, and what do more answers cost. Pictures with their table.
import { type ComponentChildren, h } from "preact";
import type { QualityView } from "../../shared/wire";
import { band, BOX, line, type Place, place, topOf } from "./curve-shape";
import { Section } from "./parts";
import { fill, share, words } from "./words";

export function Curves({ quality }: { quality: QualityView }) {
  const t = words.value.learning;
  if (!quality.steps.length) return null;
  return (
    <Section title={t.curves} hint={fill(t.curvesHint, { n: quality.points.length })}>
      <div class="curves">
        <Reliability quality={quality} />
        <Risk quality={quality} />
      </div>
    </Section>
  );
}

function Reliability({ quality: { points } }: { quality: QualityView }) {
  const t = words.value.learning;
  const rows = points.map(({ believed, right, low, high, count }) => [share(believed), share(right), `${share(low)} – ${share(high)}`, String(count)]);
  return (
    <Figure title={t.reliability} hint={t.reliabilityHint} across={t.believed} up={t.wasRight} most={1} heads={[t.believed, t.wasRight, t.interval, t.questions]} rows={rows}>
      <path class="chart-ideal" d={line([place(0, 0), place(1, 1)])} />
      {points.map(({ believed, low, high }) => (
        <path key={believed} class="chart-open" d={line([place(believed, low), place(believed, high)])} />
      ))}
      <path class="chart-line" d={line(points.map(({ believed, right }) => place(believed, right)))} />
      {points.map(({ believed, right }) => (
        <Dot key={believed} at={place(believed, right)} />
      ))}
    </Figure>
  );
}

function Risk({ quality }: { quality: QualityView }) {
  const t = words.value.learning;
  const { steps, max_wrong } = quality;
  const most = topOf(steps.map(({ wrong }) => wrong), max_wrong);
  const rows = steps.filter((_, at) => at % Math.ceil(steps.length / 12) === 0).map(({ coverage, wrong, low, high }) => [share(coverage), share(wrong), `${share(low)} – ${share(high)}`]);
  const at = (up: (step: (typeof steps)[number]) => number) => steps.map((step) => place(step.coverage, up(step), most));
  return (
    <Figure title={t.risk} hint={t.riskHint} across={t.coverage} up={t.wrongShare} most={most} heads={[t.coverage, t.wrongShare, t.interval]} rows={rows}>
      <path class="chart-band" d={band(at(({ low }) => low), at(({ high }) => high))} />
      <path class="chart-limit" d={line([place(0, max_wrong, most), place(1, max_wrong, most)])} />
      <path class="chart-line" d={line(at(({ wrong }) => wrong))} />
      {quality.answered > 0 && <Dot at={place(quality.coverage, quality.wrong, most)} />}
    </Figure>
  );
}

function Dot({ at }: { at: Place }) {
  return <circle cx={at.x} cy={at.y} r="4" />;
}

interface FigureProps {
  title: string;
  hint: string;
  across: string;
  up: string;
  /** The share at the top of the axis. */
  most: number;
  heads: string[];
  rows: string[][];
  children: ComponentChildren;
}

function Figure({ title, hint, across, up, most, heads, rows, children }: FigureProps) {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const { left, top, width, height } = BOX;
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <span>{hint}</span>
      </figcaption>
      <svg viewBox="0 0 360 250" role="img" aria-label={`${title}. ${up} / ${across}`}>
        {ticks.map((tick) => (
          <g key={tick} class="chart-grid">
            <path d={line([place(0, tick), place(1, tick)])} />
            <text x={left - 7} y={place(0, tick).y + 4} text-anchor="end">
              {share(tick * most)}
            </text>
            <text x={place(tick, 0).x} y={top + height + 17} text-anchor="middle">
              {share(tick)}
            </text>
          </g>
        ))}
        <text x={left + width / 2} y={top + height + 36} text-anchor="middle">
          {across}
        </text>
        {children}
      </svg>
      <details>
        <summary>{words.value.learning.table}</summary>
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.join()}>
                {row.map((cell, at) => (
                  <td key={heads[at]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
