// The one entry module of every page. Custom elements start by themselves, also after an htmx swap.

import "./ql-bar.js";
import "./ql-clock.js";
import "./ql-hold.js";
import "./ql-live.js";
import "./ql-spark.js";
import "./ql-value.js";
import "./command.js";
import "./dialogs.js";
import "./shortcuts.js";
import "./signed-out.js";
import "./toasts.js";
