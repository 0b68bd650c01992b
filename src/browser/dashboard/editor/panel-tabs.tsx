/**
 * The tabs of the editor and the panel that is open, after the ARIA pattern: arrow keys move between tabs.
 */
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { FieldsPanel } from "./fields/fields-panel.tsx";
import { GooglePanel } from "./google/google-panel.tsx";
import { ImagesPanel } from "./images/images-panel.tsx";
import { JoinPanel } from "./join/join-panel.tsx";
import type { PanelProps } from "./panel.ts";
import { countByPanel, findingsFor, PANEL_NAMES, PANEL_TITLES, type PanelName } from "./panel-names.ts";
import { BarcodePanel } from "./panels/barcode-panel.tsx";
import { ColoursPanel } from "./panels/colours-panel.tsx";
import { GeneralPanel } from "./panels/general-panel.tsx";
import { JsonPanel } from "./panels/json-panel.tsx";
import { ScanPanel } from "./panels/scan-panel.tsx";
import { TranslationsPanel } from "./translations/translations-panel.tsx";

const PANELS: Readonly<Record<PanelName, ComponentType<PanelProps>>> = {
  general: GeneralPanel,
  colours: ColoursPanel,
  images: ImagesPanel,
  fields: FieldsPanel,
  barcode: BarcodePanel,
  scan: ScanPanel,
  strings: TranslationsPanel,
  join: JoinPanel,
  google: GooglePanel,
  json: JsonPanel,
};

interface PanelTabsProps extends PanelProps {
  readonly open: PanelName;
  readonly onOpen: (panel: PanelName) => void;
  /** Counts up when a finding leads to the open panel, which then has the focus. */
  readonly sought: number;
}

export function PanelTabs({ open, onOpen, sought, ...props }: PanelTabsProps) {
  const counts = countByPanel(props.findings);
  const panel = useRef<HTMLDivElement>(null);
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sought === 0) return;
    focusOn(panel.current);
    panel.current?.scrollIntoView({ block: "nearest" });
  }, [sought]);
  // Scrolls the open tab into view, where there is no space for all tabs.
  useEffect(() => {
    const tab = tabs.current?.querySelector<HTMLElement>(`#tab-${open}`);
    if (tab === null || tab === undefined || tabs.current === null) return;
    const { offsetLeft, offsetWidth } = tab;
    tabs.current.scrollLeft = offsetLeft - (tabs.current.clientWidth - offsetWidth) / 2;
  }, [open]);
  const move = (event: KeyboardEvent) => {
    const at = PANEL_NAMES.indexOf(open);
    const last = PANEL_NAMES.length - 1;
    const next = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const name = next === undefined ? undefined : PANEL_NAMES[next];
    if (name === undefined) return;
    event.preventDefault();
    onOpen(name);
    focusOn(tabs.current?.querySelector(`#tab-${name}`));
  };
  const Panel = PANELS[open];
  return (
    <div class="panel-tabs">
      <div
        ref={tabs}
        class="tabs"
        role="tablist"
        tabIndex={-1}
        aria-label="Parts of the template"
        onKeyDown={move}
      >
        {PANEL_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === open}
            aria-controls="open-panel"
            tabIndex={name === open ? 0 : -1}
            onClick={() => onOpen(name)}
          >
            {PANEL_TITLES[name]} {counts[name] !== undefined && <Count count={counts[name]} />}
          </button>
        ))}
      </div>
      <div
        ref={panel}
        key={open}
        id="open-panel"
        class={`open-panel form of-${open}`}
        role="tabpanel"
        tabIndex={-1}
        aria-labelledby={`tab-${open}`}
      >
        <Panel {...props} findings={findingsFor(open, props.findings)} />
      </div>
    </div>
  );
}

/** How many findings there are, in a word for screen readers. */
function Count({ count }: { readonly count: number }) {
  return (
    <span class="count">
      {count}
      <span class="unseen">{count === 1 ? " finding" : " findings"}</span>
    </span>
  );
}
