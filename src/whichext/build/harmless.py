"""Which variables of the environment leave a build as it is; every other one is part of its key.

A variable that is missing here costs a build that was not needed; one that should not be here gives
a stale build. So the list has names that a system or a service keeps for itself, and beginnings
only where no switch of a project could have them. Toolchains add their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from whichext.toolchains import every_toolchain

HARMLESS: Mapping[str, str] = {
    "the terminal and the session": """
        TERM TERM_* TERMINAL TERMINAL_EMULATOR COLORTERM COLORFGBG COLUMNS LINES TTY LS_COLORS
        LSCOLORS GREP_COLOR GREP_COLORS GCC_COLORS LESS LESSOPEN LESSCLOSE LESS_TERMCAP_* PAGER
        *_PAGER MANPAGER MANPATH INFOPATH SHELL SHLVL _ PWD OLDPWD PS1 PS2 PS4 PROMPT
        PROMPT_COMMAND HISTFILE HISTSIZE HISTFILESIZE HISTCONTROL HISTIGNORE HISTTIMEFORMAT
        BASH ZSH ZDOTDIR STARSHIP_* DIRENV_* FZF_* USER USERNAME LOGNAME MAIL HOST HOSTNAME
        SUDO_* SSH_* GPG_AGENT_INFO GPG_TTY DISPLAY WAYLAND_DISPLAY XAUTHORITY WINDOWID
        WINDOWPATH DBUS_* XDG_* DESKTOP_SESSION GDMSESSION GNOME_* GTK_* GDK_* KDE_*
        QT_ACCESSIBILITY QT_IM_MODULE QT_QPA_* QT_SCALE_FACTOR QT_AUTO_SCREEN_SCALE_FACTOR
        SESSION_MANAGER INVOCATION_ID JOURNAL_STREAM SYSTEMD_* MANAGERPID MEMORY_PRESSURE_*
        NOTIFY_SOCKET TMUX TMUX_* STY ZELLIJ ZELLIJ_* BYOBU_* VTE_* KONSOLE_* ITERM_*
        ALACRITTY_* KITTY_* WEZTERM_* GHOSTTY_* WT_SESSION WT_PROFILE_ID WSL_* WSLENV
        SECURITYSESSIONID XPC_* __CF* LaunchInstanceID COMMAND_MODE Apple_PubSub_*""",
    # Python reads and writes UTF-8 under the locale C, too.
    "the language of messages": "LANG LANGUAGE LC_* TZ",
    "colours, progress and how much is printed": """
        NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE PY_COLORS NO_AT_BRIDGE DEBIAN_FRONTEND
        PIP_NO_COLOR PIP_PROGRESS_BAR PIP_QUIET PIP_VERBOSE PIP_NO_INPUT PIP_LOG PIP_RETRIES
        PIP_DISABLE_PIP_VERSION_CHECK PIP_ROOT_USER_ACTION PIP_DEFAULT_TIMEOUT UV_NO_PROGRESS
        UV_NO_COLOR UV_HTTP_TIMEOUT""",
    "editors and notebooks": """
        EDITOR VISUAL BROWSER VSCODE_* PYCHARM_* INTELLIJ_* JETBRAINS_* ELECTRON_* INSIDE_EMACS
        EMACS VIM VIMRUNTIME NVIM NVIM_* MYVIMRC PYDEVD_* DEBUGPY_* BUNDLED_DEBUGPY_PATH JPY_*
        JUPYTER_* JUPYTERHUB_* COLAB_* KAGGLE_* MPLBACKEND MPLCONFIGDIR IPYTHONDIR GIT_ASKPASS
        GIT_EDITOR GIT_TERMINAL_PROMPT""",
    # The programs and the files of settings that lie there count by themselves.
    "places": """
        PATH HOME TMPDIR TMP TEMP VIRTUAL_ENV VIRTUAL_ENV_* CONDA_PROMPT_MODIFIER CONDA_SHLVL
        PYENV_ROOT PYENV_SHELL PIP_CACHE_DIR UV_CACHE_DIR __PYVENV_LAUNCHER__""",
    "secrets and ways through the network, which get the same packages": """
        *_TOKEN *_PASSWORD *_PASSWD *_SECRET *_SECRET_KEY *_API_KEY *_ACCESS_KEY *_ACCESS_KEY_ID
        *_PRIVATE_KEY *_CREDENTIALS HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY
        http_proxy https_proxy ftp_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR
        *_CA_BUNDLE *_CA_CERTS PIP_CERT NIX_SSL_CERT_FILE GIT_SSL_CAINFO""",
    "bookkeeping of services that run tests": """
        GITHUB_* RUNNER_* ACTIONS_* ImageOS ImageVersion CI_JOB_* CI_PIPELINE_* CI_COMMIT_*
        CI_RUNNER_* CI_CONCURRENT_* CI_BUILD_* CI_MERGE_REQUEST_* CI_NODE_* CI_PROJECT_*
        CI_BUILDS_DIR CI_SERVER_* CI_REPOSITORY_URL GITLAB_USER_* GITLAB_FEATURES BUILDKITE_*
        CIRCLE_* TRAVIS_* APPVEYOR_* BITBUCKET_* DRONE_* SEMAPHORE_* TEAMCITY_* CIRRUS_*
        WOODPECKER_* JENKINS_* BUILD_ID BUILD_NUMBER BUILD_TAG BUILD_URL BUILD_DISPLAY_NAME
        BUILD_BUILDID BUILD_BUILDNUMBER BUILD_BUILDURI BUILD_SOURCEVERSION
        BUILD_SOURCEVERSIONMESSAGE JOB_NAME JOB_URL JOB_BASE_NAME JOB_DISPLAY_URL
        RUN_DISPLAY_URL NODE_NAME NODE_LABELS EXECUTOR_NUMBER WORKSPACE WORKSPACE_TMP
        SYSTEM_JOB* SYSTEM_PIPELINE* SYSTEM_STAGE* SYSTEM_PHASE* SYSTEM_TIMELINE* SYSTEM_PLAN*
        SYSTEM_TEAM* SYSTEM_DEFINITION* SYSTEM_COLLECTION* KUBERNETES_*""",
    "bookkeeping of schedulers": """
        SLURM_* SLURMD_* SBATCH_* SRUN_* PBS_* LSB_* LSF_* SGE_* JOB_ID JOBID TASK_ID PMI_*
        PMIX_* OMPI_COMM_* OMPI_MCA_*""",
    "tests, and what measures them": """
        PYTEST_* COVERAGE_* COV_CORE_* HYPOTHESIS_* TOX_* NOX_* WHICHEXT_*""",
    # What make is given in MAKEFLAGS counts, but for how much it does at a time and prints.
    "how make was called": "MAKELEVEL MFLAGS MAKE_TERMOUT MAKE_TERMERR MAKEOVERRIDES",
    # Without a seed, the order of sets is another in each build anyway.
    "how Python prints, and what it keeps": """
        PYTHONDONTWRITEBYTECODE PYTHONUNBUFFERED PYTHONIOENCODING PYTHONUTF8 PYTHONCOERCECLOCALE
        PYTHONFAULTHANDLER PYTHONTRACEMALLOC PYTHONWARNINGS PYTHONASYNCIODEBUG PYTHONBREAKPOINT
        PYTHONPYCACHEPREFIX PYTHONSTARTUP PYTHON_COLORS PYTHON_HISTORY PYTHONHASHSEED
        PYTHONDEVMODE""",
    "threads and memory of what is raced": """
        *_NUM_THREADS OMP_PROC_BIND OMP_PLACES OMP_SCHEDULE OMP_DYNAMIC OMP_WAIT_POLICY
        OMP_STACKSIZE OMP_THREAD_LIMIT OMP_MAX_ACTIVE_LEVELS OMP_NESTED OMP_DISPLAY_* GOMP_*
        KMP_* MKL_DYNAMIC MKL_VERBOSE MALLOC_*""",
}
"""Patterns of names, by why they do not change a build."""

COUNTING = frozenset({"GITHUB_ACTIONS"})
"""Fits a pattern and counts: a build may ask whether a service makes it."""

_MANNER_OF_MAKE = re.compile(
    r"-?[ksSwj]+\d*|-O\w*|-l[\d.]*|--(jobserver|sync-mutex|output-sync|jobs|load-average).*"
    r"|--(no-)?print-directory|--(no-)?silent|--(no-)?keep-going|--"
)
_PATTERNS = re.compile("|".join(" ".join(HARMLESS.values()).replace("*", ".*").split()))


def counting(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that may change a build, sorted by their names."""
    names = (name for name in sorted(environment) if counts(name))
    return {
        name: environment[name] for name in names if not _is_quiet_make(name, environment[name])
    }


def _is_quiet_make(name: str, value: str) -> bool:
    """Whether make is called with nothing that reaches what it makes."""
    return name == "MAKEFLAGS" and all(map(_MANNER_OF_MAKE.fullmatch, value.split()))


def counts(name: str) -> bool:
    """Whether a variable may change a build; one that a toolchain reads does in any case."""
    if any(name in one.places for one in every_toolchain()):
        return False
    read = any(
        name in one.variables or name.startswith(one.variable_prefixes) for one in every_toolchain()
    )
    return read or name in COUNTING or not _PATTERNS.fullmatch(name)


_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASS|PWD|AUTH|CREDENTIAL|COOKIE|SESSION|://", re.I)
_MOST_SHOWN = 60


def shown_value(name: str, value: str) -> str:
    """The value of a variable for a report; empty where it is long, or may be a secret."""
    if len(value) > _MOST_SHOWN or not value.isprintable() or _SECRET.search(f"{name} {value}"):
        return ""
    return value
