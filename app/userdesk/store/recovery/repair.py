"""Repairs a data folder at the start: everything that a crash, a hand or time has left to be done."""

from functools import partial

from userdesk.store.folder import DataFolder
from userdesk.store.index.file import IndexFile
from userdesk.store.problems import StoreError
from userdesk.store.recovery.rescue import sweep_temporary_files
from userdesk.store.recovery.tidying import recover_all, tidy_transcripts
from userdesk.store.trash.trash import KEPT_DAYS, Trash


def repair(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    """Do what there is to do; where the disk refuses, that is kept as a problem. Blocks on the disk."""
    for step in (
        folder.create,
        partial(_replace_broken_index, index_file),
        partial(recover_all, folder, index_file),
        partial(tidy_transcripts, folder, index_file, trash),
        partial(_purge_trash, folder, index_file, trash),
    ):
        try:
            step()
        except StoreError as error:
            index_file.tell(folder.path, error.message, refused=True)
    sweep_temporary_files(folder)


def _replace_broken_index(index_file: IndexFile) -> None:
    if index_file.known.is_damaged or index_file.known.older:
        index_file.rewrite()


def _purge_trash(folder: DataFolder, index_file: IndexFile, trash: Trash) -> None:
    removed = trash.purge()
    if len(removed) == 1:
        what = f"One conversation, “{removed[0].conversation.title[:60]}”, was"
    else:
        what = f"{len(removed)} conversations were"
    if removed:
        days = f"{KEPT_DAYS:.0f} days"
        index_file.tell(folder.trash, f"{what} in the trash for {days} and removed for good")
