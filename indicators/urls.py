"""Addresses of the pages. Names: noun-verb; everything of a project lies under its code."""

from django.urls import include, path

from indicators.views import (
    audit,
    checklist,
    home,
    indicator,
    member,
    project,
    release,
    reproduction,
    run,
    school,
    target,
    upload,
    upload_columns,
    upload_content,
    upload_schools,
)

reading = [
    path("", project.project_overview, name="project-overview"),
    path("legend/", project.legend, name="legend"),
    path("method/", project.method, name="method"),
    path("indicators/<str:indicator_code>/", indicator.indicator_detail, name="indicator-detail"),
    path("schools/", school.school_list, name="school-list"),
    path("schools/<str:school_code>/", school.school_detail, name="school-detail"),
]

writing = [
    path("targets/", target.target_list, name="target-list"),
    path("targets/new/", target.target_new, name="target-new"),
    path("targets/<int:pk>/", target.target_edit, name="target-edit"),
    path("targets/<int:pk>/remove/", target.target_remove, name="target-remove"),
    path("checklists/", checklist.checklist_list, name="checklist-list"),
    path("checklists/start/", checklist.checklist_start, name="checklist-start"),
    path("checklists/<int:pk>/", checklist.checklist_detail, name="checklist-detail"),
    path("checklists/<int:pk>/return/", checklist.checklist_return, name="checklist-return"),
    path("checklists/<int:pk>/approve/", checklist.checklist_approve, name="checklist-approve"),
    path("checklists/<int:pk>/reopen/", checklist.checklist_reopen, name="checklist-reopen"),
    path("files/", upload.upload_list, name="upload-list"),
    path("files/new/", upload.upload_new, name="upload-new"),
    path("files/<int:pk>/", upload.upload_detail, name="upload-detail"),
    path("files/<int:pk>/problems.csv", upload.upload_problems, name="upload-problems"),
    path("files/<int:pk>/original/", upload.upload_download, name="upload-download"),
    path("files/<int:pk>/describe/", upload_content.upload_describe, name="upload-describe"),
    path("files/<int:pk>/schools/", upload_schools.upload_schools, name="upload-schools"),
    path("files/<int:pk>/columns/", upload_columns.upload_columns, name="upload-columns"),
    path("files/<int:pk>/leave-out/", upload_schools.upload_leave_out, name="upload-leave-out"),
    path("files/<int:pk>/check/", upload.upload_check, name="upload-check"),
    path("files/<int:pk>/accept/", upload.upload_accept, name="upload-accept"),
    path("files/<int:pk>/withdraw/", upload.upload_withdraw, name="upload-withdraw"),
    path("runs/", run.run_list, name="run-list"),
    path("runs/start/", run.run_start, name="run-start"),
    path("runs/<int:pk>/", run.run_detail, name="run-detail"),
    path("runs/<int:pk>/progress/", run.run_progress, name="run-progress"),
    path("runs/<int:pk>/cancel/", run.run_cancel, name="run-cancel"),
    path("runs/<int:pk>/publish/", release.release_publish, name="release-publish"),
    path("runs/<int:pk>/withdraw/", release.release_withdraw, name="release-withdraw"),
    path(
        "estimates/<int:pk>/reproduce/",
        reproduction.estimate_reproduce,
        name="estimate-reproduce",
    ),
    path("changes/<int:pk>/reproduce/", reproduction.change_reproduce, name="change-reproduce"),
    path("gaps/<int:pk>/reproduce/", reproduction.gap_reproduce, name="gap-reproduce"),
    path("audit/", audit.audit_list, name="audit-list"),
    path("people/", member.member_list, name="member-list"),
    path("people/invite/", member.invitation_new, name="invitation-new"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("health/", home.health, name="health"),
    path("p/<slug:project_code>/", include(reading)),
    path("p/<slug:project_code>/", include(writing)),
    path("join/<str:token>/", member.invitation_accept, name="invitation-accept"),
]
