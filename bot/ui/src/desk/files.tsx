// Pictures in place, everything else as a chip with its size; addresses are signed by the server.
import { Fragment, h } from "preact";
import { ARTICLE, Icon } from "../shared/icons";
import type { FileView } from "../shared/wire";
import { size } from "./format";
import { lang } from "./store";

export function Files({ files }: { files: readonly FileView[] }) {
  return (
    <>
      {files.map((file) =>
        file.image ? (
          <a key={file.id} class="picture" href={file.url} target="_blank" rel="noopener noreferrer">
            <img src={file.url} alt={file.name} loading="lazy" />
          </a>
        ) : (
          <a key={file.id} class="file" href={file.url} target="_blank" rel="noopener noreferrer" download={file.name}>
            <Icon d={ARTICLE} />
            <span>
              {file.name} <small>{size(file.size, lang.value)}</small>
            </span>
          </a>
        ),
      )}
    </>
  );
}
